/**
 * Inputs and outputs of every activity, by name. Outputs stay under 2 kB: evidence goes to blobs.
 * Permanent failures are values here; an activity throws only what a retry may cure.
 */

import type { RolloutRecord } from '../domain/audit/record.ts';
import type { DeploymentName, EndpointName, ModelName, ModelVersion, RolloutId } from '../domain/ids/names.ts';
import type { CanaryPolicy } from '../domain/judge/canary-policy.ts';
import type { DecisionBasis, DecisionKind, MetricVerdict } from '../domain/judge/decision.ts';
import type { JudgedStretch } from '../domain/judge/judged-stretch.ts';
import type { DeploymentTemplate, MonitorPolicy, SmokeTestPolicy } from '../domain/policy/policy.ts';
import type { EndpointSnapshot } from '../domain/rollout/state.ts';
import type { TrafficSplit } from '../domain/rollout/traffic-split.ts';
import type { RetrainingActivityContracts } from './retraining-activities.ts';

interface OfEndpoint {
  readonly endpoint: EndpointName;
}
interface OfDeployment extends OfEndpoint {
  readonly deployment: DeploymentName;
}
interface OfVersion {
  readonly model: ModelName;
  readonly version: ModelVersion;
}

export interface ActivityContracts extends RetrainingActivityContracts {
  /** Is this version worth a rollout: it exists, carries no final Slipway tag, is newer than what serves? */
  assessVersion: {
    input: OfVersion & OfEndpoint & { readonly rolloutId: RolloutId; readonly attempt: number };
    output:
      | { readonly kind: 'eligible'; readonly createdAtIso: string }
      | { readonly kind: 'ignored'; readonly reason: string };
  };
  takeSnapshot: {
    input: OfEndpoint & { readonly green: DeploymentName };
    output:
      | { readonly kind: 'taken'; readonly snapshot: EndpointSnapshot }
      /** An operation runs on the endpoint; ask again. */
      | { readonly kind: 'unsettled'; readonly reason: string }
      | { readonly kind: 'unusable'; readonly reason: string };
  };
  createGreen: {
    input: OfDeployment &
      OfVersion & {
        readonly rolloutId: RolloutId;
        readonly template: DeploymentTemplate;
        readonly blueInstanceCount: number;
      };
    output:
      | { readonly kind: 'started' }
      | { readonly kind: 'busy'; readonly reason: string }
      | { readonly kind: 'refused'; readonly reason: string };
  };
  readDeployment: {
    input: OfDeployment;
    output: {
      readonly state: 'absent' | 'pending' | 'ready' | 'failed' | 'deleting';
      readonly provisioningState: string;
      /** Last lines of the deployment's log when it failed, at most 1,000 characters. */
      readonly log: string;
    };
  };
  smokeTest: {
    input: OfDeployment & { readonly smokeTest: SmokeTestPolicy; readonly timeoutMs: number };
    output: { readonly passed: boolean; readonly requests: number; readonly failures: readonly string[] };
  };
  /**
   * One step towards `wanted`; anything that is neither `wanted` nor one of `expected` is somebody else's change, which
   * only `force` overrules. With `rewrite` the split is written even where a read shows it already: a read may be stale.
   */
  shiftTraffic: {
    input: OfEndpoint & {
      readonly wanted: TrafficSplit;
      readonly expected: readonly TrafficSplit[];
      readonly force: boolean;
      readonly rewrite: boolean;
    };
    output:
      | { readonly kind: 'in-place' }
      | { readonly kind: 'submitted' }
      | { readonly kind: 'busy'; readonly reason: string }
      | { readonly kind: 'refused'; readonly reason: string }
      | { readonly kind: 'foreign-change'; readonly actual: TrafficSplit };
  };
  readTraffic: {
    input: OfEndpoint;
    output: {
      readonly exists: boolean;
      readonly settled: boolean;
      readonly provisioningState: string;
      readonly split: TrafficSplit;
    };
  };
  /** Judges what arrived since the last look. Repeating a look (same number) gives the same answer. */
  judgeTraffic: {
    input: OfEndpoint & {
      readonly rolloutId: RolloutId;
      readonly look: number;
      readonly previousEvidence: string | null;
      readonly green: DeploymentName;
      readonly blue: DeploymentName;
      readonly policy: CanaryPolicy;
      readonly stretch: JudgedStretch;
      /** A person has said that green may predict otherwise than blue. */
      readonly shiftAccepted: boolean;
      /** End of the time that may be read, epoch milliseconds: the orchestration's clock. */
      readonly nowMs: number;
    };
    output: {
      readonly decision: DecisionKind;
      readonly sentence: string;
      readonly verdicts: readonly MetricVerdict[];
      readonly basis: DecisionBasis | null;
      readonly evidence: string;
    };
  };
  /** Mints the approval's links and publishes them; the answer never carries a token. */
  requestApproval: {
    input: OfVersion &
      OfEndpoint & {
        readonly rolloutId: RolloutId;
        readonly approvalId: string;
        readonly weight: number;
        readonly deadlineIso: string;
        readonly situation: string;
        readonly nowIso: string;
      };
    output: { readonly requested: true };
  };
  verifyApproval: {
    input: {
      readonly approvalId: string;
      readonly answer: 'approve' | 'decline';
      readonly token: string;
      readonly receivedAtIso: string;
    };
    output: { readonly valid: true; readonly by: string } | { readonly valid: false; readonly reason: string };
  };
  /** Appends to the audit log and publishes the same as an event. */
  recordAudit: { input: { readonly record: RolloutRecord }; output: { readonly recorded: true } };
  tagVersion: {
    input: OfVersion & { readonly tags: Readonly<Record<string, string>> };
    output: { readonly kind: 'tagged' } | { readonly kind: 'refused'; readonly reason: string };
  };
  /** Never deletes a deployment with live or mirrored traffic. */
  deleteDeployment: {
    input: OfDeployment;
    output:
      | { readonly kind: 'started' }
      | { readonly kind: 'busy'; readonly reason: string }
      | { readonly kind: 'refused'; readonly reason: string };
  };
  /** One step towards a monitor that watches this deployment; repeating it is harmless. */
  moveMonitor: {
    input: OfDeployment & OfVersion & { readonly monitor: MonitorPolicy };
    output:
      | { readonly kind: 'in-place' }
      | { readonly kind: 'submitted' }
      | { readonly kind: 'busy'; readonly reason: string }
      | { readonly kind: 'refused'; readonly reason: string };
  };
  readCapacity: {
    input: OfDeployment;
    output: { readonly exists: boolean; readonly settled: boolean; readonly instanceCount: number };
  };
  setCapacity: {
    input: OfDeployment & { readonly instanceCount: number };
    output:
      | { readonly kind: 'started' }
      | { readonly kind: 'busy'; readonly reason: string }
      | { readonly kind: 'refused'; readonly reason: string };
  };
  /** Publishes an event that belongs to no rollout and no retraining. */
  announce: {
    input: {
      readonly id: string;
      readonly type: string;
      readonly subject: string;
      readonly timeIso: string;
      readonly data: Readonly<Record<string, unknown>>;
    };
    output: { readonly announced: true };
  };
  wakeRollout: { input: { readonly rolloutId: string }; output: { readonly woken: true } };
}

export type ActivityName = keyof ActivityContracts;
export type ActivityInput<Name extends ActivityName> = ActivityContracts[Name]['input'];
export type ActivityOutput<Name extends ActivityName> = ActivityContracts[Name]['output'];
export type ActivityHandler<Name extends ActivityName> = (input: ActivityInput<Name>) => Promise<ActivityOutput<Name>>;
