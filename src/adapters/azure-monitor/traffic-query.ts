/**
 * The one log query of a look: requests, errors and latency bins per deployment and bucket, from AmlOnlineEndpointTrafficLog
 * (Azure Monitor Logs table reference).
 */
import { LATENCY_GAMMA } from '../../domain/judge/reading/traffic-bucket.ts';
import type { BucketQuery } from '../../ports/telemetry.ts';

/** Azure ML's rule for endpoints, deployments and workspaces; nothing else may reach a query. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const MAX_DEPLOYMENTS = 20;

/**
 * What counts as an error: platform faults, time-outs (408), failures of the model (424) and refusals under load (429).
 * Bins are those of traffic-bucket.ts: for whole milliseconds above 1 no latency lies on an edge, so that the lower
 * edge of `floor` and the upper edge of the bins agree.
 */
export function trafficQuery(query: BucketQuery, workspaceName: string): string {
  if (query.deployments.length === 0 || query.deployments.length > MAX_DEPLOYMENTS) {
    throw new Error(`A traffic query takes 1 to ${MAX_DEPLOYMENTS} deployments, not ${query.deployments.length}.`);
  }
  const deployments = query.deployments.map(quoted).join(', ');
  return `let windowStart = datetime(${isoOf(query.fromMs)});
let windowEnd = datetime(${isoOf(query.toMs)});
AmlOnlineEndpointTrafficLog
| where TimeGenerated >= windowStart and TimeGenerated < windowEnd
| where AzureMLWorkspaceName =~ ${quoted(workspaceName)}
| where EndpointName == ${quoted(query.endpoint)} and DeploymentName in (${deployments})
| extend failed = ResponseCode >= 500 or ResponseCode in (408, 424, 429)
| extend latencyBin = toint(floor(log(iff(TotalDurationMs < 1, 1, TotalDurationMs)) / log(${LATENCY_GAMMA}), 1))
| summarize requests = count(), errors = countif(failed) by DeploymentName, bucketStart = bin(TimeGenerated, ${wholeSeconds(query.bucketSeconds)}s), latencyBin
| order by bucketStart asc`;
}

/** A KQL string literal; throws on names that Azure ML would not accept. */
export function quoted(name: string): string {
  if (!NAME.test(name)) throw new Error(`"${name.slice(0, 80)}" is no name that may go into a log query.`);
  return `"${name}"`;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

function wholeSeconds(seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error(`A bucket of ${seconds} seconds cannot be queried.`);
  return seconds;
}
