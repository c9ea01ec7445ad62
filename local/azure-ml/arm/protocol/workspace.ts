/** Names the one workspace that this emulator is, and builds the ARM ids below it. */

export interface WorkspaceOptions {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  /** GUID of the workspace (not its name), as in `properties.workspaceId`. */
  readonly workspaceId: string;
  readonly tenantId: string;
}

export const PROVIDER = 'Microsoft.MachineLearningServices';

/** ARM id of the workspace, without a trailing slash. */
export function workspaceArmId(workspace: WorkspaceOptions): string {
  const { subscriptionId, resourceGroup, name } = workspace;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${PROVIDER}/workspaces/${name}`;
}

/** ARM id of a resource below the workspace: `armId(ws, 'models', 'flights', 'versions', '2')`. */
export function armId(workspace: WorkspaceOptions, ...segments: readonly string[]): string {
  return [workspaceArmId(workspace), ...segments].join('/');
}

/** `type` of a resource below the workspace: `armType('models', 'versions')`. */
export function armType(...segments: readonly string[]): string {
  return [`${PROVIDER}/workspaces`, ...segments].join('/');
}
