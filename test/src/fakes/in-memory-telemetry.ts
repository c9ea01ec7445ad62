/** Azure Monitor in memory: the test records requests and says which of them log and metric show already. */

import type { DeploymentName } from '../../../src/domain/ids/names.ts';
import {
  binOf,
  type LatencyHistogram,
  type LoggedBucket,
  type MeteredBucket,
} from '../../../src/domain/judge/reading/traffic-bucket.ts';
import type { BucketQuery, Telemetry } from '../../../src/ports/telemetry.ts';

export interface RecordedRequest {
  readonly endpoint: string;
  readonly deployment: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly status: number;
  /** False while the log row is still on its way. */
  inLog: boolean;
  inMetric: boolean;
}

const OTHER_ERRORS = new Set([408, 424, 429]);

export class InMemoryTelemetry implements Telemetry {
  readonly requests: RecordedRequest[] = [];
  readonly queries: BucketQuery[] = [];

  record(
    request: Pick<RecordedRequest, 'endpoint' | 'deployment' | 'atMs'> & Partial<RecordedRequest>,
  ): RecordedRequest {
    const recorded = { durationMs: 20, status: 200, inLog: true, inMetric: true, ...request };
    this.requests.push(recorded);
    return recorded;
  }

  async readBuckets(query: BucketQuery): Promise<readonly LoggedBucket[]> {
    this.queries.push(query);
    const buckets = new Map<string, LoggedBucket>();
    for (const request of this.#in(query).filter(({ inLog }) => inLog)) {
      const startMs = startOf(request, query);
      const key = `${startMs} ${request.deployment}`;
      const known = buckets.get(key) ?? emptyBucket(request.deployment, startMs);
      const failed = request.status >= 500 || OTHER_ERRORS.has(request.status);
      buckets.set(key, {
        ...known,
        requests: known.requests + 1,
        errors: known.errors + (failed ? 1 : 0),
        latency: failed ? known.latency : oneMore(known.latency, binOf(request.durationMs)),
      });
    }
    return [...buckets.values()];
  }

  async readRequestCounts(query: BucketQuery): Promise<readonly MeteredBucket[]> {
    const counts = new Map<string, MeteredBucket>();
    for (const request of this.#in(query).filter(({ inMetric }) => inMetric)) {
      const startMs = startOf(request, query);
      const key = `${startMs} ${request.deployment}`;
      const requests = (counts.get(key)?.requests ?? 0) + 1;
      counts.set(key, { deployment: request.deployment as DeploymentName, startMs, requests });
    }
    return [...counts.values()];
  }

  #in({ endpoint, deployments, fromMs, toMs }: BucketQuery): readonly RecordedRequest[] {
    const names: readonly string[] = deployments;
    return this.requests.filter(
      (request) =>
        request.endpoint === endpoint &&
        names.includes(request.deployment) &&
        request.atMs >= fromMs &&
        request.atMs < toMs,
    );
  }
}

function startOf({ atMs }: RecordedRequest, { bucketSeconds }: BucketQuery): number {
  return Math.floor(atMs / (bucketSeconds * 1000)) * bucketSeconds * 1000;
}

function emptyBucket(deployment: string, startMs: number): LoggedBucket {
  return { deployment: deployment as DeploymentName, startMs, requests: 0, errors: 0, latency: {} };
}

function oneMore(latency: LatencyHistogram, bin: number): LatencyHistogram {
  return { ...latency, [bin]: (latency[bin] ?? 0) + 1 };
}
