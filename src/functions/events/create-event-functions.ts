/** The functions that Event Grid calls, over their ports, by name. */
import { createActOnAlert, type RetrainOnAlert } from '../../commands/act-on-alert.ts';
import { startRetraining } from '../../commands/start-retraining.ts';
import type { Policies } from '../../domain/policy/policies.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventPublisher } from '../../ports/events.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';
import type { AuditLog } from '../../ports/records.ts';
import { createOnLatencyAlert } from './on-latency-alert.ts';
import { createOnModelRegistered } from './on-model-registered.ts';
import { createOnDrift, createOnNewData, createOnRunCompleted } from './on-training-events.ts';
import type { EventHandler } from './take-event.ts';

export interface EventPorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly platform: ModelPlatform;
  readonly publisher: EventPublisher;
}

export interface EventFunctionsConfig {
  readonly workspace: string;
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  /** ARM id of the storage account whose new blobs count; null: none do. */
  readonly dataAccountId: string | null;
  readonly maxEventAgeMs: number;
  readonly policies: Policies;
}

export interface EventFunctions {
  readonly onModelRegistered: EventHandler;
  readonly onLatencyAlert: EventHandler;
  readonly onDrift: EventHandler;
  readonly onRunCompleted: EventHandler;
  /** Null where no storage account is watched. */
  readonly onNewData: EventHandler | null;
}

export function createEventFunctions(ports: EventPorts, config: EventFunctionsConfig): EventFunctions {
  const { workspace, workspaceId, dataAccountId, maxEventAgeMs, policies } = config;
  const rules = { source: workspaceId, maxEventAgeMs, policies };
  const actWithoutRollout = createActOnAlert({ ...ports, retrain: retrainOnAlert(ports.clock) }, policies);
  return {
    onModelRegistered: createOnModelRegistered(ports, { workspaceId, maxEventAgeMs, policies }),
    onLatencyAlert: createOnLatencyAlert({ ...ports, actWithoutRollout }, workspace),
    onDrift: createOnDrift(ports, rules),
    onRunCompleted: createOnRunCompleted(ports, rules),
    onNewData: dataAccountId === null ? null : createOnNewData(ports, { ...rules, source: dataAccountId }),
  };
}

function retrainOnAlert(clock: Clock): RetrainOnAlert {
  return async (policy, trigger, control) => {
    const wish = { policy, trigger: { kind: 'latency-alert', ...trigger }, nowMs: clock.nowMs() } as const;
    const start = await startRetraining(control, wish);
    if (!start) throw new Error(`The policy ${policy.name} has no retraining.`);
    return start;
  };
}
