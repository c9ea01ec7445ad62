/** Requests per deployment and bucket from the metric RequestsPerMinute, the check on the log's completeness. */
import type { Metric, MetricsQueryClient } from '@azure/monitor-query';
import type { DeploymentName } from '../../domain/ids/names.ts';
import type { MeteredBucket } from '../../domain/judge/reading/traffic-bucket.ts';
import type { BucketQuery } from '../../ports/telemetry.ts';
import { isoInterval } from './iso-duration.ts';
import { quoted } from './traffic-query.ts';

/** "Supported metrics - Microsoft.MachineLearningServices/workspaces/onlineEndpoints": average only, grain PT1M. */
const METRIC = 'RequestsPerMinute';
const NAMESPACE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
const GRAIN_SECONDS = 60;
/** Without this the service shows ten series; two deployments times their status codes stay well below. */
const MAX_SERIES = 200;
/**
 * A series that is not split by a dimension is the average over its values, not their sum (Azure documentation "Azure
 * Monitor Metrics aggregation and display explained"): so every other dimension is split, and the series are added up.
 */
const SPLIT = "statusCode eq '*' and statusCodeClass eq '*' and modelStatusCode eq '*'";

/** A minute's average is its number of requests; longer buckets are sums over their minutes. */
export async function readRequestCounts(
  client: MetricsQueryClient,
  endpointId: string,
  query: BucketQuery,
  abortSignal: AbortSignal,
): Promise<readonly MeteredBucket[]> {
  const deployments = query.deployments.map((name) => `deployment eq '${quoted(name).slice(1, -1)}'`).join(' or ');
  const result = await client.queryResource(endpointId, [METRIC], {
    timespan: { startTime: new Date(query.fromMs), endTime: new Date(query.toMs) },
    granularity: isoInterval(Math.min(query.bucketSeconds, GRAIN_SECONDS)),
    aggregations: ['Average'],
    metricNamespace: NAMESPACE,
    filter: `(${deployments}) and ${SPLIT}`,
    top: MAX_SERIES,
    abortSignal,
  });
  const metric = result.getMetricByName(METRIC);
  if (!metric) throw new Error(`Azure Monitor answered without the metric ${METRIC}.`);
  if (metric.errorCode && metric.errorCode !== 'Success') {
    throw new Error(`Azure Monitor could not read ${METRIC}: ${metric.errorCode}.`);
  }
  return countsOf(metric, query);
}

function countsOf(metric: Metric, query: BucketQuery): readonly MeteredBucket[] {
  const bucketMs = query.bucketSeconds * 1000;
  const counts = new Map<string, MeteredBucket>();
  for (const series of metric.timeseries) {
    const deployment = series.metadataValues?.find(({ name }) => name?.toLowerCase() === 'deployment')?.value;
    for (const { timeStamp, average } of deployment ? (series.data ?? []) : []) {
      const atMs = timeStamp.getTime();
      if (average === undefined || atMs < query.fromMs || atMs >= query.toMs) continue;
      const startMs = Math.floor(atMs / bucketMs) * bucketMs;
      const key = `${startMs} ${deployment}`;
      const requests = (counts.get(key)?.requests ?? 0) + average;
      counts.set(key, { deployment: deployment as DeploymentName, startMs, requests });
    }
  }
  return [...counts.values()];
}
