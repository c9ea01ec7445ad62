/** The rollout policy: everything a team decides beforehand about releasing one model to one endpoint. */

import type { EndpointName, ModelName } from '../ids/names.ts';
import type { CanaryPolicy } from '../judge/canary-policy.ts';
import type { RetrainingPolicy } from './retraining-policy.ts';

export interface RolloutPolicy {
  readonly name: string;
  readonly endpoint: EndpointName;
  readonly model: ModelName;
  readonly deployment: DeploymentTemplate;
  readonly smokeTest: SmokeTestPolicy;
  readonly shadow: ShadowPolicy | null;
  readonly steps: readonly StepPolicy[];
  readonly canary: CanaryPolicy;
  readonly approval: ApprovalPolicy | null;
  readonly bake: BakePolicy;
  readonly keep: KeepPolicy;
  /** What a new version does while another rollout holds the endpoint. */
  readonly whenBusy: 'wait' | 'supersede';
  readonly timing: TimingPolicy;
  /** Null: no model monitor follows the deployment that serves. */
  readonly monitor: MonitorPolicy | null;
  /** Null: the model is not retrained by Slipway. */
  readonly retrain: RetrainingPolicy | null;
}

/** Probe durations in milliseconds. */
export interface ProbeTemplate {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/**
 * The green deployment. `code` and `environment` are asset references (`azureml:<name>:<version>`) in which
 * `${{model.version}}` and `${{model.tags.<tag>}}` stand for the values of the version that is rolled out.
 */
export interface DeploymentTemplate {
  readonly environment: string;
  readonly code: string;
  readonly scoringScript: string;
  readonly instanceType: string;
  /** Least number of instances; blue's capacity is taken where that is larger. */
  readonly instanceCount: number;
  /** Most instances that a latency alert may lead to; null: it adds none. */
  readonly maxInstanceCount: number | null;
  readonly requestTimeoutMs: number;
  readonly maxConcurrentRequestsPerInstance: number;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly liveness: ProbeTemplate | null;
  readonly readiness: ProbeTemplate | null;
  /** Longest time until green must be ready. */
  readonly readyTimeoutSeconds: number;
  /** Null: nothing is collected. */
  readonly dataCollection: DataCollectionTemplate | null;
}

/** What Azure ML's data collector keeps of live traffic, for model monitors and for retraining. */
export interface DataCollectionTemplate {
  /** Names that the scoring script gives its collectors, for example `model_inputs`. */
  readonly collections: readonly string[];
  /** Share of the requests that is kept, above 0 and at most 1. */
  readonly samplingRate: number;
}

/** The model monitor that moves to the new deployment after a promotion. */
export interface MonitorPolicy {
  /** Name of the schedule in the workspace. */
  readonly schedule: string;
  /** What the monitor compares with after a promotion: the data that the new version was trained on, or what it compared with before. */
  readonly reference: 'training-data' | 'keep';
}

/** Expected shape of one smoke reply, checked recursively; an array's `items` must fit every element. */
export type ReplyShape =
  | { readonly type: 'number' | 'string' | 'boolean' }
  | { readonly type: 'array'; readonly items: ReplyShape; readonly minItems?: number | undefined }
  | { readonly type: 'object'; readonly properties: Readonly<Record<string, ReplyShape>> };

export interface SmokeTestPolicy {
  readonly requests: readonly { readonly name: string; readonly body: unknown; readonly expect: ReplyShape }[];
}

export interface ShadowPolicy {
  /** Share of live requests that is copied to green, 1-50. */
  readonly mirrorPercent: number;
  /** Buckets to judge before the first live step. */
  readonly dwellBuckets: number;
}

export interface StepPolicy {
  /** Green's share of live traffic, 1-99; strictly rising over the steps. */
  readonly weight: number;
  readonly dwellBuckets: number;
}

export interface ApprovalPolicy {
  /** Weights of the steps that wait for a person first; 100 is the promotion. */
  readonly beforeWeights: readonly number[];
  readonly timeoutSeconds: number;
}

export interface BakePolicy {
  readonly dwellBuckets: number;
}

export interface KeepPolicy {
  /** Blue after a completed rollout. */
  readonly blue: 'delete' | 'keep';
  /** Green after a rollback. */
  readonly rejectedGreen: 'delete' | 'keep';
}

export interface TimingPolicy {
  /** Pause between two reads of an Azure operation. */
  readonly pollSeconds: number;
  /** Longest time for a traffic change to be read back before the rollout is rolled back. */
  readonly trafficTimeoutSeconds: number;
  /** Longest life of a rollout, waiting included; after it the rollout is rolled back. */
  readonly rolloutTimeoutSeconds: number;
}
