/**
 * Turns the rows of the traffic query into buckets, one per deployment and start.
 *
 * The latency histogram holds answered requests alone: failures are the error metric's, so that fast failures never make
 * latency look better, a failing version is not called slow, and the tolerated error rate is not taken back as a slow tail.
 */
import type { LogsTable } from '@azure/monitor-query';
import { z } from 'zod';
import type { DeploymentName } from '../../domain/ids/names.ts';
import type { LoggedBucket } from '../../domain/judge/reading/traffic-bucket.ts';

const rowSchema = z.object({
  DeploymentName: z.string(),
  bucketStart: z.date(),
  latencyBin: z.int().min(0),
  requests: z.int().min(0),
  errors: z.int().min(0),
});

interface Growing {
  readonly deployment: DeploymentName;
  readonly startMs: number;
  requests: number;
  errors: number;
  readonly latency: Record<string, number>;
}

export function observedBuckets(table: LogsTable): readonly LoggedBucket[] {
  const names = table.columnDescriptors.map(({ name }) => name ?? '');
  const buckets = new Map<string, Growing>();
  for (const cells of table.rows) {
    const row = rowSchema.parse(Object.fromEntries(names.map((name, index) => [name, cells[index]])));
    const bucket = bucketOf(buckets, row.DeploymentName as DeploymentName, row.bucketStart.getTime());
    bucket.requests += row.requests;
    bucket.errors += row.errors;
    const answered = row.requests - row.errors;
    if (answered > 0) bucket.latency[row.latencyBin] = (bucket.latency[row.latencyBin] ?? 0) + answered;
  }
  return [...buckets.values()];
}

function bucketOf(buckets: Map<string, Growing>, deployment: DeploymentName, startMs: number): Growing {
  const key = `${startMs} ${deployment}`;
  const bucket = buckets.get(key) ?? { deployment, startMs, requests: 0, errors: 0, latency: {} };
  buckets.set(key, bucket);
  return bucket;
}
