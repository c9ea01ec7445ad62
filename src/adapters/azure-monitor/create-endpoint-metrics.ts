/** The EndpointMetrics port over Azure Monitor: latency of an online endpoint, one series per deployment. */
import type { TokenCredential } from '@azure/core-auth';
import type { MetricsQueryClient } from '@azure/monitor-query';
import type { DeploymentName } from '../../domain/ids/names.ts';
import type { EndpointMetrics, LatencyQuery, LatencyReading } from '../../ports/endpoint-metrics.ts';
import { onFirstUse } from '../calls/first-use.ts';
import { isoInterval } from './iso-duration.ts';

export interface EndpointMetricsTarget {
  readonly metricsEndpoint: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
}

/** "Supported metrics - Microsoft.MachineLearningServices/workspaces/onlineEndpoints": average only, dimension deployment. */
const NAMESPACE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
const ALL_DEPLOYMENTS = "deployment eq '*'";
const MAX_SERIES = 50;
const CALL_TIMEOUT_MS = 20_000;
const RETRIES = { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3000 };

export function createEndpointMetrics(target: EndpointMetricsTarget, credential: TokenCredential): EndpointMetrics {
  const open = onFirstUse(async () => {
    const { MetricsQueryClient } = await import('@azure/monitor-query');
    return new MetricsQueryClient(credential, { endpoint: target.metricsEndpoint, retryOptions: RETRIES });
  });
  const endpoints = `/subscriptions/${target.subscriptionId}/resourceGroups/${target.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${target.workspace}/onlineEndpoints`;
  return {
    readLatency: async (query) =>
      readLatency(await open(), `${endpoints}/${encodeURIComponent(query.endpoint)}`, query),
  };
}

async function readLatency(
  client: MetricsQueryClient,
  endpointId: string,
  query: LatencyQuery,
): Promise<readonly LatencyReading[]> {
  const result = await client.queryResource(endpointId, [query.metric], {
    timespan: { startTime: new Date(query.fromMs), endTime: new Date(query.toMs) },
    granularity: isoInterval(query.grainSeconds),
    aggregations: ['Average'],
    metricNamespace: NAMESPACE,
    filter: ALL_DEPLOYMENTS,
    top: MAX_SERIES,
    abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  const metric = result.getMetricByName(query.metric);
  if (!metric) throw new Error(`Azure Monitor answered without the metric ${query.metric}.`);
  if (metric.errorCode && metric.errorCode !== 'Success') {
    throw new Error(`Azure Monitor could not read ${query.metric}: ${metric.errorCode}.`);
  }
  return metric.timeseries.flatMap((series) => {
    const deployment = series.metadataValues?.find(({ name }) => name?.toLowerCase() === 'deployment')?.value;
    const values = (series.data ?? []).flatMap(({ average }) => (average === undefined ? [] : [average]));
    if (!deployment || values.length === 0) return [];
    const value = values.reduce((sum, one) => sum + one, 0) / values.length;
    return [{ deployment: deployment as DeploymentName, value }];
  });
}
