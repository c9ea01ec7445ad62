/** Runs the app's orchestrators, entity and activities on the real durable-functions engine and the local Durable host, in virtual time. */

import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import type { LocalDurableHost } from '../../../local/functions-host/durable/create-durable-host.ts';
import type { TaskHubStore } from '../../../local/functions-host/durable/store/task-hub-store.ts';
import { createActivities } from '../../../src/activities/create-activities.ts';
import { createTokens } from '../../../src/adapters/tokens/create-tokens.ts';
import { startRollout } from '../../../src/commands/start-rollout.ts';
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import type { ModelVersion } from '../../../src/domain/ids/names.ts';
import type { RolloutPolicy } from '../../../src/domain/policy/policy.ts';
import type { RolloutCommand } from '../../../src/domain/rollout/command.ts';
import type { OutgoingEvent } from '../../../src/ports/events.ts';
import type { OrchestrationControl } from '../../../src/ports/orchestration-control.ts';
import type { Tokens } from '../../../src/ports/tokens.ts';
import { InMemoryAuditLog, InMemoryEvidenceStore } from '../fakes/in-memory-records.ts';
import { RecordingPublisher } from '../fakes/recording-publisher.ts';
import { ScriptedMonitors } from '../fakes/scripted-monitors.ts';
import { ScriptedScaling } from '../fakes/scripted-scaling.ts';
import { ScriptedTraining } from '../fakes/scripted-training.ts';
import { SimulatedAzure } from './simulated-azure.ts';
import { openVirtualHost } from './virtual-host.ts';

export interface VirtualApp {
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
  start(policy: RolloutPolicy, version: string, attempt?: number): Promise<string>;
  post(rolloutId: string, command: RolloutCommand): Promise<void>;
  /** Advances in small steps until the condition holds; fails with the audit trail after `limitMinutes` of virtual time. */
  until(
    rolloutId: string,
    condition: (trail: readonly RolloutRecord[]) => boolean,
    limitMinutes?: number,
  ): Promise<readonly RolloutRecord[]>;
  runMinutes(minutes: number): Promise<void>;
}

const STEP_MS = 5000;
let commandCount = 0;

/** `given` continues a task hub; time then begins at `startMs`. */
export async function openVirtualApp(
  given?: TaskHubStore,
  startMs: number = Date.UTC(2026, 2, 1, 12),
): Promise<VirtualApp> {
  const clock = new ManualClock(startMs);
  const azure = new SimulatedAzure(clock);
  const audit = new InMemoryAuditLog();
  const publisher = new RecordingPublisher();
  const evidence = new InMemoryEvidenceStore();
  const tokens = createTokens(new Uint8Array(32).fill(7));
  const monitors = new ScriptedMonitors();
  const scaling = new ScriptedScaling((deployment, instanceCount) => azure.scale(deployment, instanceCount));
  const training = new ScriptedTraining();
  const ports = {
    platform: azure,
    jobs: training,
    assets: training,
    trainingData: training,
    rows: training,
    registry: training,
    runs: training,
    monitors,
    scaling,
    scoring: azure,
    telemetry: azure,
    publisher,
    audit,
    evidence,
    tokens,
    clock,
  };
  const activities = createActivities(ports, { publicUrl: 'https://slipway.example' });
  const { host, control, store } = await openVirtualHost(activities, clock, given);
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
  return {
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
  };
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
