/** Live traffic as Azure Monitor saw it. */
import type { LatencyHistogram } from '../domain/canary/traffic-buckets.ts';
import type { DeploymentName, EndpointName } from '../domain/ids/names.ts';

export interface BucketQuery {
  readonly endpoint: EndpointName;
  readonly deployments: readonly DeploymentName[];
  /** Start of the first bucket, epoch milliseconds, a multiple of the bucket length. */
  readonly fromMs: number;
  /** End of the last bucket, exclusive, a multiple of the bucket length. */
  readonly toMs: number;
  readonly bucketSeconds: number;
}

export interface ObservedBucket {
  readonly deployment: DeploymentName;
  readonly startMs: number;
  /** From the traffic log. */
  readonly requests: number;
  readonly errors: number;
  /** Of the requests that did not fail. */
  readonly latency: LatencyHistogram;
}

/** Requests per deployment and bucket as the request metric counts them; the check on the log's completeness. */
export interface MetricCount {
  readonly deployment: DeploymentName;
  readonly startMs: number;
  readonly requests: number;
}

export interface Telemetry {
  /** One log query: only buckets with rows appear. Throws when the service fails, also on a partial result. */
  readBuckets(query: BucketQuery): Promise<readonly ObservedBucket[]>;
  /** One metric query over the same buckets. */
  readRequestCounts(query: BucketQuery): Promise<readonly MetricCount[]>;
}
