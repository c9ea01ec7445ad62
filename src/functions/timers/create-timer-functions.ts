/** The functions that run on a schedule, over their ports, by name; each says in the log what it did. */
import { scheduledTrigger, startRetraining } from '../../commands/start-retraining.ts';
import type { Policies, RetrainedPolicy } from '../../domain/policy/policies.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DataAssets } from '../../ports/data-assets.ts';
import type { EventPublisher } from '../../ports/events.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { AuditLog } from '../../ports/records.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { createCheckWorkspace } from './check-workspace.ts';
import { createFlushOutbox } from './flush-outbox.ts';
import { createPollData } from './poll-data.ts';
import { createPollModels } from './poll-models.ts';
import { createWatchLanes } from './watch-lanes.ts';
import { createWatchRetrainings } from './watch-retrainings.ts';

export interface TimerLog {
  log(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** A timer that looks at orchestrations or starts some. */
export type TimerHandler = (control: OrchestrationControl, log: TimerLog) => Promise<void>;

/** A timer that needs no orchestrations. */
export type ChoreHandler = (log: TimerLog) => Promise<void>;

export interface TimerPorts {
  readonly platform: ModelPlatform;
  readonly assets: DataAssets;
  readonly workspace: Workspace;
  readonly publisher: EventPublisher;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** The topic that may be away, with what it has not taken; null where there is none. */
  readonly bus: { readonly publisher: EventPublisher; readonly outbox: Outbox } | null;
}

export interface TimerFunctionsConfig {
  readonly workspace: string;
  readonly maxEventAgeMs: number;
  readonly policies: Policies;
}

export interface TimerFunctions {
  readonly timers: {
    readonly pollModels: TimerHandler;
    readonly pollData: TimerHandler;
    readonly watchLanes: TimerHandler;
    readonly watchRetrainings: TimerHandler;
  };
  readonly chores: {
    readonly checkWorkspace: ChoreHandler;
    /** Null where there is no topic. */
    readonly flushOutbox: ChoreHandler | null;
  };
  /** One per policy that retrains on a schedule, with its NCRONTAB expression. */
  readonly retrainings: readonly { readonly name: string; readonly schedule: string; readonly handler: TimerHandler }[];
}

export function createTimerFunctions(ports: TimerPorts, config: TimerFunctionsConfig): TimerFunctions {
  const { policies, maxEventAgeMs, workspace } = config;
  const pollModels = createPollModels(ports, { policies, maxEventAgeMs });
  const pollData = createPollData(ports, { policies, maxEventAgeMs });
  const watchLanes = createWatchLanes(ports.clock, policies);
  const watchRetrainings = createWatchRetrainings(ports, policies);
  return {
    timers: {
      pollModels: async (control, log) => {
        tell(await pollModels(control), (ids) => log.log(`Started for versions whose event was lost: ${ids}`));
      },
      pollData: async (control, log) => {
        tell(await pollData(control), (ids) => log.log(`Started for new versions of data: ${ids}`));
      },
      watchLanes: async (control, log) => {
        const started = await watchLanes(control, (message) => log.warn(message));
        tell(started, (ids) => log.warn(`Cleaning up after lost rollouts: ${ids}`));
      },
      watchRetrainings: async (control, log) => {
        const started = await watchRetrainings(control, (message) => log.warn(message));
        tell(started, (ids) => log.warn(`Ending retrainings whose orchestration is gone: ${ids}`));
      },
    },
    chores: { checkWorkspace: checkWorkspace(ports, workspace), flushOutbox: flushOutbox(ports) },
    retrainings: policies.retrained().flatMap((policy) => retrainingOnSchedule(policy, ports.clock)),
  };
}

function tell(ids: readonly string[], say: (ids: string) => void): void {
  if (ids.length > 0) say(ids.join(', '));
}

function checkWorkspace(ports: TimerPorts, workspace: string): ChoreHandler {
  const check = createCheckWorkspace(ports, workspace);
  return async (log) => {
    const problem = await check();
    if (problem) log.error(problem);
  };
}

function flushOutbox({ bus }: TimerPorts): ChoreHandler | null {
  if (bus === null) return null;
  const flush = createFlushOutbox(bus.outbox, bus.publisher);
  return async (log) => {
    const sent = await flush();
    if (sent > 0) log.log(`Sent ${sent} events that the Service Bus topic had not taken.`);
  };
}

function retrainingOnSchedule(policy: RetrainedPolicy, clock: Clock) {
  const { schedule } = policy.retrain.triggers;
  if (!schedule) return [];
  const handler: TimerHandler = async (control, log) => {
    const nowMs = clock.nowMs();
    const start = await startRetraining(control, { policy, trigger: scheduledTrigger(nowMs), nowMs });
    log.log(`The schedule of ${policy.name}: ${start?.started ? 'started' : 'known'} ${start?.retrainingId}`);
  };
  return [{ name: `retrain-${policy.name}`, schedule, handler }];
}
