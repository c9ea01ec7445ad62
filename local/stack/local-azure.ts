/** The one subscription, workspace and identity that the local Azure consists of. */
import type { WorkspaceOptions } from '../azure-ml/arm/protocol/workspace.ts';
import type { TopicOptions } from '../event-grid/events/topic.ts';
import type { IdentityPrincipal } from '../identity/token-issuer.ts';

export const WORKSPACE: WorkspaceOptions = {
  subscriptionId: '5b0d9a2e-0000-4000-8000-000000000001',
  resourceGroup: 'rg-slipway-local',
  name: 'mlw-slipway-local',
  location: 'westeurope',
  workspaceId: '5b0d9a2e-0000-4000-8000-000000000002',
  tenantId: '5b0d9a2e-0000-4000-8000-000000000003',
};

export const PRINCIPAL: IdentityPrincipal = {
  tenantId: WORKSPACE.tenantId,
  objectId: '5b0d9a2e-0000-4000-8000-000000000004',
  clientId: '5b0d9a2e-0000-4000-8000-000000000005',
};

export const LOG_ANALYTICS_WORKSPACE_ID = '5b0d9a2e-0000-4000-8000-000000000006';

/** For whom the tokens of the alert webhook are: the app's registration in Entra ID. */
export const ALERT_AUDIENCE = 'api://slipway-local';

/** Takes the app's own events, which are CloudEvents. */
export const TOPIC: TopicOptions = {
  name: 'slipway',
  subscriptionId: WORKSPACE.subscriptionId,
  resourceGroup: WORKSPACE.resourceGroup,
  inputSchema: 'CloudEventSchemaV1_0',
};

export const DEAD_LETTER_CONTAINER = 'dead-letters';

/** Blobs that come here may start retrainings. */
export const LANDING_CONTAINER = 'landing';

export function topicArmId(): string {
  const { subscriptionId, resourceGroup, name } = TOPIC;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.EventGrid/topics/${name}`;
}

/** ARM id of the storage account that Azurite stands for. */
export function storageAccountId(accountName: string): string {
  const { subscriptionId, resourceGroup } = WORKSPACE;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${accountName}`;
}
