/** GET of the workspace resource itself. */
import { type ArmRoute, ok } from './protocol/arm-call.ts';
import { stamp } from './protocol/system-data.ts';
import { PROVIDER, type WorkspaceOptions, workspaceArmId } from './protocol/workspace.ts';

/** `storageAccount` is the ARM id's last segment of the workspace's default storage account. */
export function workspaceRoutes(workspace: WorkspaceOptions, createdAtMs: number, storageAccount: string): ArmRoute[] {
  const { subscriptionId, resourceGroup, location } = workspace;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const body = {
    id: workspaceArmId(workspace),
    name: workspace.name,
    type: `${PROVIDER}/workspaces`,
    location,
    tags: {},
    kind: 'Default',
    sku: { name: 'Basic', tier: 'Basic' },
    identity: { type: 'SystemAssigned', principalId: workspace.workspaceId, tenantId: workspace.tenantId },
    systemData: stamp(createdAtMs, workspace.workspaceId),
    properties: {
      workspaceId: workspace.workspaceId,
      friendlyName: workspace.name,
      description: 'Local Azure Machine Learning workspace',
      storageAccount: `${group}/providers/Microsoft.Storage/storageAccounts/${storageAccount}`,
      keyVault: `${group}/providers/Microsoft.KeyVault/vaults/${workspace.name}`,
      applicationInsights: `${group}/providers/Microsoft.Insights/components/${workspace.name}`,
      discoveryUrl: `https://${location}.api.azureml.ms/discovery`,
      mlFlowTrackingUri: `azureml://${location}.api.azureml.ms/mlflow/v1.0${workspaceArmId(workspace)}`,
      provisioningState: 'Succeeded',
      tenantId: workspace.tenantId,
      publicNetworkAccess: 'Enabled',
      hbiWorkspace: false,
      storageHnsEnabled: false,
      v1LegacyMode: false,
    },
  };
  return [{ method: 'GET', path: '', handle: () => ok(body) }];
}
