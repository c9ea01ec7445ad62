/** Runs the composed app on the real durable-functions engine and the local Durable host, in virtual time, over ports in memory. */

import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import type { LocalDurableHost } from '../../../local/functions-host/durable/create-durable-host.ts';
import type { TaskHubStore } from '../../../local/functions-host/durable/store/task-hub-store.ts';
import { startRollout } from '../../../src/commands/start-rollout.ts';
import type { App } from '../../../src/compose.ts';
import type { ActivityName } from '../../../src/contracts/activities.ts';
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import type { ModelVersion } from '../../../src/domain/ids/names.ts';
import { createPolicies, type Policies } from '../../../src/domain/policy/policies.ts';
import type { RolloutPolicy } from '../../../src/domain/policy/policy.ts';
import type { RolloutCommand } from '../../../src/domain/rollout/command.ts';
import type { OutgoingEvent } from '../../../src/ports/events.ts';
import type { OrchestrationControl } from '../../../src/ports/orchestration-control.ts';
import type { Tokens } from '../../../src/ports/tokens.ts';
import { inMemoryPorts, SETTINGS } from '../fakes/in-memory-ports.ts';
import type { InMemoryAuditLog } from '../fakes/in-memory-records.ts';
import type { RecordingPublisher } from '../fakes/recording-publisher.ts';
import type { ScriptedMonitors } from '../fakes/scripted-monitors.ts';
import type { ScriptedScaling } from '../fakes/scripted-scaling.ts';
import type { ScriptedTraining } from '../fakes/scripted-training.ts';
import { createManagedClient } from './managed-client.ts';
import type { SimulatedAzure } from './simulated-azure.ts';
import { type AroundActivity, openVirtualHost } from './virtual-host.ts';

export interface ActivityCall {
  readonly name: ActivityName;
  /** As it was sent: nothing that JSON drops. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

/** Answers instead of an activity, or throws instead of it; `undefined` lets the activity do its work. */
export type Interception = (call: ActivityCall) => object | undefined;

export interface VirtualApp {
  readonly app: App;
  readonly clock: ManualClock;
  readonly azure: SimulatedAzure;
  readonly monitors: ScriptedMonitors;
  readonly scaling: ScriptedScaling;
  readonly training: ScriptedTraining;
  readonly audit: InMemoryAuditLog;
  readonly publisher: RecordingPublisher;
  readonly published: OutgoingEvent[];
  readonly tokens: Tokens;
  readonly control: OrchestrationControl;
  readonly host: LocalDurableHost;
  readonly store: TaskHubStore;
  /** Every call of an activity, repeats after a failure included. */
  readonly calls: readonly ActivityCall[];
  intercept: Interception;
  /** How many of the next calls fail, by activity. */
  readonly faults: Map<string, number>;
  start(policy: RolloutPolicy, version: string, attempt?: number): Promise<string>;
  post(rolloutId: string, command: RolloutCommand): Promise<void>;
  /** Advances in small steps until the condition holds; fails with the audit trail after `limitMinutes` of virtual time. */
  until(
    rolloutId: string,
    condition: (trail: readonly RolloutRecord[]) => boolean,
    limitMinutes?: number,
  ): Promise<readonly RolloutRecord[]>;
  runMinutes(minutes: number): Promise<void>;
  /** As an operator of Durable Functions ends an instance: nothing of it runs any more. */
  terminate(instanceId: string): Promise<void>;
}

const STEP_MS = 5000;
let commandCount = 0;

export interface VirtualOptions {
  /** A task hub that goes on. */
  readonly store?: TaskHubStore;
  /** Where time begins. */
  readonly startMs?: number;
  readonly policies?: Policies;
}

export async function openVirtualApp(options: VirtualOptions = {}): Promise<VirtualApp> {
  const { startMs = Date.UTC(2026, 2, 1, 12), policies = createPolicies([]) } = options;
  const clock = new ManualClock(startMs);
  const ports = inMemoryPorts(clock);
  const { platform: azure, jobs: training, monitors, scaling, audit, publisher, tokens } = ports;
  const configuration = { settings: SETTINGS, policies };
  const calls: ActivityCall[] = [];
  const faults = new Map<string, number>();
  const around: AroundActivity = (name, input, run) => {
    const call: ActivityCall = JSON.parse(JSON.stringify({ name, input, atMs: clock.nowMs() }));
    calls.push(call);
    const left = faults.get(name) ?? 0;
    faults.set(name, Math.max(0, left - 1));
    if (left > 0) throw new Error(`${name} is out of order`);
    return virtual.intercept(call) ?? run();
  };
  const { app, host, control, store } = await openVirtualHost(ports, configuration, around, options.store);
  const settle = async () => {
    for (let round = 0; round < 5; round += 1) {
      await host.whenIdle();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const advance = async (ms: number) => {
    const endMs = clock.nowMs() + ms;
    while (clock.nowMs() < endMs) {
      await settle();
      await clock.advance(Math.min(STEP_MS, endMs - clock.nowMs()));
      await settle();
    }
  };
  const virtual: VirtualApp = {
    app,
    clock,
    azure,
    training,
    monitors,
    scaling,
    audit,
    publisher,
    published: publisher.published,
    tokens,
    control,
    host,
    store,
    calls,
    faults,
    intercept: () => undefined,
    async start(policy, version, attempt = 1) {
      const cause = { kind: 'http', reference: 'test' } as const;
      const request = { policy, version: version as ModelVersion, attempt, cause, nowMs: clock.nowMs() };
      const { rolloutId } = await startRollout(control, request);
      return rolloutId;
    },
    async post(rolloutId, command) {
      commandCount += 1;
      const receivedAtIso = new Date(clock.nowMs()).toISOString();
      await control.postCommand('flights' as never, { id: `c${commandCount}`, rolloutId, receivedAtIso, command });
      await control.wake(rolloutId);
    },
    async until(rolloutId, condition, limitMinutes = 240) {
      const endMs = clock.nowMs() + limitMinutes * 60_000;
      for (;;) {
        const trail = await audit.listRollout(rolloutId);
        if (condition(trail)) return trail;
        if (clock.nowMs() >= endMs)
          throw new Error(`Nothing came of it:\n${await describe(rolloutId, trail, control)}`);
        await advance(STEP_MS);
      }
    },
    runMinutes: (minutes) => advance(minutes * 60_000),
    async terminate(instanceId) {
      await createManagedClient(host).terminate(instanceId, 'a test');
    },
  };
  return virtual;
}

async function describe(
  rolloutId: string,
  trail: readonly RolloutRecord[],
  control: OrchestrationControl,
): Promise<string> {
  const view = await control.view(rolloutId);
  const lines = trail.map(({ atIso, kind, phase, reason }) => `${atIso} ${kind} ${phase}: ${reason}`);
  return [...lines, JSON.stringify(view)].join('\n');
}
