/** Live traffic as Azure Monitor saw it. */
import type { DeploymentName, EndpointName } from '../domain/ids/names.ts';
import type { LoggedBucket, MeteredBucket } from '../domain/judge/reading/traffic-bucket.ts';

export interface BucketQuery {
  readonly endpoint: EndpointName;
  readonly deployments: readonly DeploymentName[];
  /** Start of the first bucket, epoch milliseconds, a multiple of the bucket length. */
  readonly fromMs: number;
  /** End of the last bucket, exclusive, a multiple of the bucket length. */
  readonly toMs: number;
  readonly bucketSeconds: number;
}

export interface Telemetry {
  /** One log query: only buckets with rows appear. Throws when the service fails, also on a partial result. */
  readBuckets(query: BucketQuery): Promise<readonly LoggedBucket[]>;
  /** One metric query over the same buckets. */
  readRequestCounts(query: BucketQuery): Promise<readonly MeteredBucket[]>;
}
