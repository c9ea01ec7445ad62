/**
 * The table AmlOnlineEndpointTrafficLog: columns and types of the Azure Monitor Logs table reference, one row per
 * request that a deployment answered. TimeGenerated is the request's start. A mirrored copy is a row of the shadow
 * deployment. Columns that the local endpoints have nothing to say about are empty or 0.
 */
import type { TrafficLogEntry } from '../../contracts/traffic-log.ts';
import type { Schema } from '../kql/binding/schema.ts';
import type { Row, ScalarType, Value } from '../kql/types/scalar-type.ts';

export const TRAFFIC_LOG_TABLE = 'AmlOnlineEndpointTrafficLog';
const USER_AGENT_CHARACTERS = 70;

interface RowContext {
  readonly receivedAtMs: number;
  readonly visibleAtMs: number;
  readonly logAnalyticsWorkspaceId: string;
}

type Cell = (entry: TrafficLogEntry, context: RowContext) => Value;
type Definition = readonly [name: string, type: ScalarType, cell: Cell];

const DEFINITIONS: readonly Definition[] = [
  ['TenantId', 'string', (_entry, context) => context.logAnalyticsWorkspaceId],
  ['TimeGenerated', 'datetime', (entry) => entry.startedAtMs],
  ['AuthType', 'string', (entry) => entry.authType],
  ['AzureMLWorkspaceId', 'string', (entry) => entry.workspaceId],
  ['AzureMLWorkspaceName', 'string', (entry) => entry.workspaceName],
  ['DeploymentName', 'string', (entry) => entry.deploymentName],
  ['EndpointName', 'string', (entry) => entry.endpointName],
  ['IdentityData', 'string', () => ''],
  ['Location', 'string', (entry) => entry.location],
  ['Method', 'string', (entry) => entry.method],
  ['ModelStatusCode', 'int', (entry) => entry.modelStatusCode],
  ['ModelStatusReason', 'string', (entry) => entry.modelStatusReason],
  ['OperationName', 'string', () => ''],
  ['Path', 'string', (entry) => entry.path],
  ['Protocol', 'string', (entry) => entry.protocol],
  ['RequestDurationMs', 'int', (entry) => Math.round(entry.requestDurationMs)],
  ['RequestPayloadSize', 'int', (entry) => entry.requestPayloadBytes],
  ['RequestThrottlingDelayMs', 'int', () => 0],
  ['ResponseCode', 'int', (entry) => entry.responseCode],
  ['ResponseCodeReason', 'string', (entry) => entry.responseCodeReason],
  ['ResponseDurationMs', 'int', (entry) => Math.round(entry.responseDurationMs)],
  ['ResponsePayloadSize', 'int', (entry) => entry.responsePayloadBytes],
  ['ResponseThrottlingDelayMs', 'int', () => 0],
  ['TotalDurationMs', 'int', (entry) => Math.round(entry.totalDurationMs)],
  ['UserAgent', 'string', (entry) => entry.userAgent.slice(0, USER_AGENT_CHARACTERS)],
  ['XMSClientRequestId', 'string', (entry) => entry.xmsClientRequestId],
  ['XRequestId', 'string', (entry) => entry.xRequestId],
  ['SourceSystem', 'string', () => 'Azure'],
  ['Type', 'string', () => TRAFFIC_LOG_TABLE],
  ['_ResourceId', 'string', (entry) => entry.endpointResourceId.toLowerCase()],
  ['_SubscriptionId', 'string', (entry) => /^\/subscriptions\/([^/]+)/i.exec(entry.endpointResourceId)?.[1] ?? ''],
  ['_BilledSize', 'real', (entry) => JSON.stringify(entry).length],
  ['_IsBillable', 'string', () => 'True'],
  ['_TimeReceived', 'datetime', (_entry, context) => context.receivedAtMs],
];

/** The row's last cell is its ingestion time, which no column shows. */
export function trafficLogRow(entry: TrafficLogEntry, context: RowContext): Row {
  return [...DEFINITIONS.map(([, , cell]) => cell(entry, context)), context.visibleAtMs];
}

export const trafficLogSchema: Schema = {
  columns: DEFINITIONS.map(([name, type], slot) => ({ name, type, slot })),
  width: DEFINITIONS.length + 1,
  ingestionSlot: DEFINITIONS.length,
};
