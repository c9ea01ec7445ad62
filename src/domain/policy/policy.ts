/** The rollout policy: everything a team decides beforehand about releasing one model to one endpoint. */

import type { DeploymentName, EndpointName, ModelName } from '../ids/names.ts';
import type { OutcomePolicy, PredictionPolicy } from './outcome-policy.ts';
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

export interface CanaryPolicy {
  /** Length of one telemetry bucket; the unit of every telemetry duration. */
  readonly bucketSeconds: number;
  /** How long after its end a bucket is read: the usual ingestion delay, in buckets. */
  readonly settleBuckets: number;
  /** A bucket whose log rows stay fewer than the request metric says is judged anyway after this many buckets. */
  readonly latestBuckets: number;
  /** Looks in a row without data before the rollout is held, and at twice as many rolled back. */
  readonly noDataBuckets: number;
  /** First buckets of green's traffic that are not judged: cold caches are not a regression. */
  readonly warmUpBuckets: number;
  /** Judged buckets before any promotion. */
  readonly soakBuckets: number;
  /** Judged buckets after which an undecided rollout does what `onHorizon` says. */
  readonly horizonBuckets: number;
  readonly onHorizon: 'extend' | 'hold' | 'rollback';
  /** Chance of rolling back a green that lies within its margins, over `horizonBuckets`. */
  readonly alpha: number;
  /** Chance of promoting a green that lies at a promotion margin or beyond. */
  readonly beta: number;
  /** The same for a step that is not the last. */
  readonly betaStep: number;
  readonly designEffect: DesignEffectPolicy;
  readonly errors: ErrorMetricPolicy;
  readonly latency: LatencyMetricPolicy;
  /** Null: what green predicts is not compared. */
  readonly predictions: PredictionPolicy | null;
  /** Null: what became of the answers is not judged. */
  readonly outcomes: OutcomePolicy | null;
}

/** Rates as fractions: 0.002 is 0.2 percentage points. */
export interface ErrorMetricPolicy {
  /** Extra error rate of green that is tolerated. */
  readonly margin: number;
  /** Extra error rate that must be ruled out before green gets more traffic. */
  readonly promoteMargin: number;
}

/** Relative slow-down as fractions: 0.1 is 10 % slower. Both are rounded to whole latency bins of 10.4 %. */
export interface LatencyMetricPolicy {
  readonly margin: number;
  readonly promoteMargin: number;
  /** Quantiles whose slow-down by `promoteMargin` must be ruled out before green gets more traffic. */
  readonly promoteQuantiles: readonly (50 | 95 | 99)[];
}

/**
 * How much more two copies of one version differ than independent requests would: bursts, retries, noisy nodes. The
 * evidence is divided by it. Measured where a replica of blue ran before the rollout, else these floors, at least 1.
 */
export interface DesignEffectPolicy {
  readonly errors: number;
  readonly latency: number;
  /** A second deployment of blue's version on the same endpoint; null where there is none. */
  readonly replica: DeploymentName | null;
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
