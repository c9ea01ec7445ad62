/**
 * The whole app over any ports: every orchestrator, entity, activity and function by name.
 *
 * 1. It registers nothing, reads no environment and opens no connection: tests, a simulation and the bundle run the same app.
 * 2. A function that the configuration does not ask for is null.
 */
import type { EntityHandler, OrchestrationHandler } from 'durable-functions';
import { type Activities, type ActivityPorts, createActivities } from './activities/create-activities.ts';
import { createWakeRollout } from './activities/rollout/wake-rollout.ts';
import type { Settings } from './config/settings.ts';
import type { ActivityHandler } from './contracts/activities.ts';
import {
  COOL_DOWN_ENTITY,
  LANE_ENTITY,
  type OrchestratorName,
  RECOVERY_ORCHESTRATOR,
  RETRAINING_ORCHESTRATOR,
  ROLLOUT_ORCHESTRATOR,
  SCALE_OUT_ORCHESTRATOR,
} from './contracts/names.ts';
import { workspaceIdOf } from './domain/ids/workspace-id.ts';
import type { LaneState } from './domain/lane/lane.ts';
import type { Policies } from './domain/policy/policies.ts';
import type { CoolDownState } from './domain/retraining/cool-down.ts';
import { coolDown } from './entities/cool-down.ts';
import { lane } from './entities/lane.ts';
import { createEventFunctions, type EventFunctions } from './functions/events/create-event-functions.ts';
import { createHttpFunctions, type HttpFunctions, type HttpPorts } from './functions/http/create-http-functions.ts';
import { type CommandQueueHandler, createOnRolloutCommand } from './functions/queue/on-rollout-command.ts';
import {
  createTimerFunctions,
  type TimerFunctions,
  type TimerPorts,
} from './functions/timers/create-timer-functions.ts';
import { recoverLane } from './orchestrators/recover-lane.ts';
import { retraining } from './orchestrators/retraining.ts';
import { rollout } from './orchestrators/rollout.ts';
import { scaleOut } from './orchestrators/scale-out.ts';
import type { OrchestrationControl } from './ports/orchestration-control.ts';

export interface AppPorts extends ActivityPorts, TimerPorts, HttpPorts {
  /** Resolves after that time. */
  readonly pause: (ms: number) => Promise<void>;
}

export interface AppConfiguration {
  readonly settings: Pick<
    Settings,
    'subscriptionId' | 'resourceGroup' | 'workspace' | 'publicUrl' | 'maxEventAgeMs' | 'dataAccountId'
  >;
  readonly policies: Policies;
}

export interface App {
  readonly orchestrators: Readonly<Record<OrchestratorName, OrchestrationHandler>>;
  readonly entities: {
    readonly [LANE_ENTITY]: EntityHandler<LaneState>;
    readonly [COOL_DOWN_ENTITY]: EntityHandler<CoolDownState>;
  };
  readonly activities: Activities;
  /** An activity apart: orchestrations are reached through the client of one invocation. */
  readonly wakeRollout: (control: OrchestrationControl) => ActivityHandler<'wakeRollout'>;
  readonly events: EventFunctions;
  readonly timers: TimerFunctions;
  readonly http: HttpFunctions;
  readonly queue: { readonly onRolloutCommand: CommandQueueHandler | null };
}

export function composeApp(ports: AppPorts, { settings, policies }: AppConfiguration): App {
  const { workspace, maxEventAgeMs, dataAccountId } = settings;
  const workspaceId = workspaceIdOf(settings);
  const rules = { workspace, workspaceId, dataAccountId, maxEventAgeMs, policies };
  return {
    orchestrators: {
      [ROLLOUT_ORCHESTRATOR]: rollout,
      [RECOVERY_ORCHESTRATOR]: recoverLane,
      [SCALE_OUT_ORCHESTRATOR]: scaleOut,
      [RETRAINING_ORCHESTRATOR]: retraining,
    },
    entities: { [LANE_ENTITY]: lane, [COOL_DOWN_ENTITY]: coolDown },
    activities: createActivities(ports, settings),
    wakeRollout: createWakeRollout,
    events: createEventFunctions(ports, rules),
    timers: createTimerFunctions(ports, rules),
    http: createHttpFunctions(ports, rules),
    queue: { onRolloutCommand: ports.bus && createOnRolloutCommand(ports, policies) },
  };
}
