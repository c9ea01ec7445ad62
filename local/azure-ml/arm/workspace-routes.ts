/** GET of the workspace resource itself, and the refusal of everything else while it is in legacy mode. */
import { type ArmRoute, ok } from './protocol/arm-call.ts';
import { ArmError } from './protocol/arm-error.ts';
import { stamp } from './protocol/system-data.ts';
import { PROVIDER, type WorkspaceOptions, workspaceArmId } from './protocol/workspace.ts';

/** What may change in the workspace while it runs. */
export interface WorkspaceMode {
  /** With it only the v1 API works (documentation "Network isolation with v2": the parameter `v1_legacy_mode`). */
  v1LegacyMode: boolean;
}

/** `storageAccount` is the ARM id's last segment of the workspace's default storage account. */
export function workspaceRoutes(
  workspace: WorkspaceOptions,
  mode: WorkspaceMode,
  createdAtMs: number,
  storageAccount: string,
): ArmRoute[] {
  const { subscriptionId, resourceGroup, location } = workspace;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const body = (trackingUri: string) => ({
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
      mlFlowTrackingUri: trackingUri,
      provisioningState: 'Succeeded',
      tenantId: workspace.tenantId,
      publicNetworkAccess: 'Enabled',
      hbiWorkspace: false,
      storageHnsEnabled: false,
      v1LegacyMode: mode.v1LegacyMode,
    },
  });
  return [{ method: 'GET', path: '', handle: (call) => ok(body(trackingUri(workspace, call.baseUrl))) }];
}

/** As in Azure an `azureml://` address with the host that answers over https; here it is this server. */
export function trackingUri(workspace: WorkspaceOptions, baseUrl: string): string {
  return `azureml://${new URL(baseUrl).host}${TRACKING_PATH}${workspaceArmId(workspace)}`;
}

export const TRACKING_PATH = '/mlflow/v1.0';

/** In legacy mode every resource below the workspace is refused; status and code word are not documented. */
export function refuseInLegacyMode(mode: WorkspaceMode, routes: readonly ArmRoute[]): readonly ArmRoute[] {
  return routes.map((route) => ({
    ...route,
    handle: (call) => {
      if (mode.v1LegacyMode) throw legacyMode();
      return route.handle(call);
    },
  }));
}

function legacyMode(): ArmError {
  return new ArmError(
    403,
    'V1LegacyModeEnabled',
    'The workspace is in v1 legacy mode and takes no v2 calls. Set v1LegacyMode to false to use jobs, models and endpoints.',
  );
}
