/** The Telemetry port over Azure Monitor: traffic logs and the request metric of an online endpoint. */
import type { TokenCredential } from '@azure/core-auth';
import type { Telemetry } from '../../ports/telemetry.ts';
import { onFirstUse } from '../calls/first-use.ts';
import { observedBuckets } from './observed-buckets.ts';
import { readRequestCounts } from './request-counts.ts';
import { trafficQuery } from './traffic-query.ts';

export interface AzureMonitorTarget {
  readonly logsEndpoint: string;
  readonly metricsEndpoint: string;
  readonly logAnalyticsWorkspaceId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
}

const CALL_TIMEOUT_MS = 30_000;
const SERVER_TIMEOUT_SECONDS = 25;
const RETRIES = { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3000 };

export function createTelemetry(target: AzureMonitorTarget, credential: TokenCredential): Telemetry {
  const open = onFirstUse(async () => {
    const { LogsQueryClient, LogsQueryResultStatus, MetricsQueryClient } = await import('@azure/monitor-query');
    const logs = new LogsQueryClient(credential, { endpoint: target.logsEndpoint, retryOptions: RETRIES });
    const metrics = new MetricsQueryClient(credential, { endpoint: target.metricsEndpoint, retryOptions: RETRIES });
    return { logs, metrics, statuses: LogsQueryResultStatus };
  });
  const endpoints = `/subscriptions/${target.subscriptionId}/resourceGroups/${target.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${target.workspace}/onlineEndpoints`;
  return {
    async readBuckets(query) {
      const { logs, statuses } = await open();
      const result = await logs.queryWorkspace(
        target.logAnalyticsWorkspaceId,
        trafficQuery(query, target.workspace),
        { startTime: new Date(query.fromMs), endTime: new Date(query.toMs) },
        { serverTimeoutInSeconds: SERVER_TIMEOUT_SECONDS, abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) },
      );
      if (result.status !== statuses.Success) {
        throw new Error(`The traffic log was read only in part: ${result.partialError.message}`);
      }
      const table = result.tables[0];
      return table ? observedBuckets(table) : [];
    },
    async readRequestCounts(query) {
      const { metrics } = await open();
      return readRequestCounts(metrics, `${endpoints}/${query.endpoint}`, query, AbortSignal.timeout(CALL_TIMEOUT_MS));
    },
  };
}
