/** The ARM id of an Azure ML workspace: what its events and alerts name as their source. */
export interface WorkspaceAddress {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
}

export function workspaceIdOf({ subscriptionId, resourceGroup, workspace }: WorkspaceAddress): string {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  return `${group}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`;
}
