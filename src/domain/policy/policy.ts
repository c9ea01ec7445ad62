/** The rollout policy: everything a team decides beforehand about releasing one model to one endpoint. */
import type { EndpointName, ModelName } from '../ids/names.ts';

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
  readonly requestTimeoutMs: number;
  readonly maxConcurrentRequestsPerInstance: number;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly liveness: ProbeTemplate | null;
  readonly readiness: ProbeTemplate | null;
  /** Longest time until green must be ready. */
  readonly readyTimeoutSeconds: number;
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
  /** First buckets of a step that are not judged: cold caches are not a regression. */
  readonly warmUpBuckets: number;
  readonly errors: ErrorMetricPolicy;
  readonly latency: LatencyMetricPolicy;
}

/** Rates as fractions: 0.002 is 0.2 percentage points. */
export interface ErrorMetricPolicy {
  /** Extra error rate of green that is tolerated. */
  readonly margin: number;
  /** Extra error rate that must be ruled out before green gets more traffic. */
  readonly promoteMargin: number;
  readonly minSamples: number;
}

/** Relative slow-down as fractions: 0.1 is 10 % slower. */
export interface LatencyMetricPolicy {
  readonly margin: number;
  readonly promoteMargin: number;
  readonly minSamples: number;
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
