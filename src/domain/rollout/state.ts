/** The whole memory of one rollout between two ticks: small JSON that survives continue-as-new. */
import type { DeploymentName, EndpointName, ModelName, ModelVersion, RolloutId } from '../ids/names.ts';
import type { RolloutPolicy } from '../policy/policy.ts';
import type { Phase } from './phase.ts';
import type { TrafficSplit } from './traffic-split.ts';

/** What asked for the rollout; kept for the audit. */
export interface RolloutCause {
  readonly kind: 'event' | 'poll' | 'http' | 'retry' | 'command';
  /** Event id, command id, or the caller's name. */
  readonly reference: string;
}

/** What the endpoint looked like before this rollout touched it. */
export interface EndpointSnapshot {
  readonly split: TrafficSplit;
  /** The deployment with most traffic; null on an endpoint that serves nothing yet. */
  readonly blue: DeploymentName | null;
  readonly blueInstanceCount: number;
  readonly blueModelVersion: ModelVersion | null;
  readonly takenAtIso: string;
}

/** Why and how the rollout ends badly; fixed when `rolling-back` is entered, so that the tags say the first cause. */
export interface RollbackCause {
  readonly code:
    | 'aborted'
    | 'endpoint-unusable'
    | 'superseded'
    | 'deployment-failed'
    | 'smoke-test-failed'
    | 'canary-failed'
    /** A confirmed latency alert that green alone can have caused. */
    | 'latency-alert'
    | 'no-data'
    | 'approval-declined'
    | 'approval-expired'
    | 'foreign-change'
    | 'timed-out'
    | 'activity-failed'
    /** The orchestration ended without cleaning up; the watchdog rolls back for it. */
    | 'orchestration-lost';
  readonly reason: string;
  readonly actor: string | null;
  /** Metrics that speak against green, where the judge ended the rollout. */
  readonly failedMetrics: readonly string[];
}

/** Why a rollout stands still until a person resumes it. */
export interface Pause {
  readonly kind:
    | 'operator'
    /** An alert about both deployments, or one that nothing can be concluded from. */
    | 'latency-alert'
    /** Somebody else changed the endpoint's traffic. */
    | 'foreign-change'
    /** Green predicts otherwise than blue. */
    | 'prediction-shift';
  /** The operator, the alert rule, or Slipway itself. */
  readonly by: string;
  readonly reason: string;
  readonly sinceIso: string;
}

/** Who pauses where no person and no alert did. */
export const SLIPWAY = 'slipway';

export interface PendingApproval {
  readonly approvalId: string;
  readonly weight: number;
  readonly deadlineIso: string;
}

export interface RolloutState {
  /** Version of the orchestrator code that wrote this state. */
  readonly schema: 1;
  readonly rolloutId: RolloutId;
  readonly endpoint: EndpointName;
  readonly model: ModelName;
  readonly version: ModelVersion;
  readonly attempt: number;
  readonly cause: RolloutCause;
  readonly policy: RolloutPolicy;
  readonly green: DeploymentName;
  /** Null until the version was assessed. */
  readonly versionCreatedAtIso: string | null;
  /** True once Azure ML accepted the creation of green. */
  readonly greenRequested: boolean;
  readonly phase: Phase;
  /** Index into policy.steps of the step that is approved, shifted to or watched; policy.steps.length means 100 %. */
  readonly stepIndex: number;
  readonly requestedAtIso: string;
  readonly phaseSinceIso: string;
  /** When the last traffic change was read back; telemetry before it belongs to the step before. */
  readonly trafficSinceIso: string | null;
  /** Green's share of live traffic as last read back. */
  readonly liveWeight: number;
  readonly snapshot: EndpointSnapshot | null;
  /** What the last read of the endpoint showed while the snapshot was not settled; a read may be stale. */
  readonly sighting: EndpointSnapshot | null;
  readonly paused: Pause | null;
  readonly approval: PendingApproval | null;
  readonly rollback: RollbackCause | null;
  /** Number of the next audit record; also makes activity ids unique within the rollout. */
  readonly auditSequence: number;
  /** Inbox commands up to and with this sequence were read. */
  readonly inboxCursor: number;
  /** Name of the evidence of the last look, the judge's memory; null before the first. */
  readonly evidence: string | null;
  readonly looks: number;
  /** Sentence about the present situation, for operators. */
  readonly note: string;
  /** True once this rollout may have written the endpoint's traffic; a rollback then writes it in any case. */
  readonly trafficTouched: boolean;
  /** The rollback has written the snapshot's split; only after that a read of it counts (reads may be stale). */
  readonly restoreWritten: boolean;
  /** Reason for which a person was called in this phase; the same one is not called twice. */
  readonly alerted: string | null;
  /** Ticks in a row in which an activity failed for good. */
  readonly failedTicks: number;
  /** An operator resumed after a foreign traffic change: the next traffic write may replace it. */
  readonly foreignAccepted: boolean;
  /** An operator resumed after green predicted otherwise than blue: it may. */
  readonly shiftAccepted: boolean;
  /** What became of the policy's model monitor after the promotion; null while it is to be moved, or there is none. */
  readonly monitorMove: 'done' | 'failed' | null;
  /** Ticks since the last continue-as-new. */
  readonly ticks: number;
}

/** State of a rollout that was just asked for. */
export function newRolloutState(
  request: Pick<
    RolloutState,
    'rolloutId' | 'endpoint' | 'model' | 'version' | 'attempt' | 'cause' | 'policy' | 'green'
  >,
  nowIso: string,
): RolloutState {
  return {
    schema: 1,
    ...request,
    versionCreatedAtIso: null,
    greenRequested: false,
    phase: 'queued',
    stepIndex: 0,
    requestedAtIso: nowIso,
    phaseSinceIso: nowIso,
    trafficSinceIso: null,
    liveWeight: 0,
    snapshot: null,
    sighting: null,
    paused: null,
    approval: null,
    rollback: null,
    auditSequence: 0,
    inboxCursor: 0,
    evidence: null,
    looks: 0,
    note: `Waiting for endpoint ${request.endpoint}.`,
    trafficTouched: false,
    restoreWritten: false,
    alerted: null,
    failedTicks: 0,
    foreignAccepted: false,
    shiftAccepted: false,
    monitorMove: null,
    ticks: 0,
  };
}
