/** Turns asset references of a policy into the ids that deployments take. */

const SHORT = /^azureml:([A-Za-z0-9_-]+):([A-Za-z0-9._-]+)$/;
const REGISTRY = /^azureml:\/\/registries\/[A-Za-z0-9_-]+\/[a-z]+\/[A-Za-z0-9_-]+\/versions\/[A-Za-z0-9._-]+$/;

export type AssetKind = 'environments' | 'codes' | 'models' | 'components' | 'data';

/** `azureml:<name>:<version>` becomes an id of the workspace, a registry reference stays; null for anything else. */
export function assetId(workspaceId: string, kind: AssetKind, reference: string): string | null {
  const [, name, version] = SHORT.exec(reference) ?? [];
  if (name && version) return `${workspaceId}/${kind}/${name}/versions/${version}`;
  return REGISTRY.test(reference) ? reference : null;
}

/** Name and version of the model that a deployment serves, whichever way it names it. */
export function modelOf(reference: string): { readonly model: string; readonly version: string } | null {
  const match = SHORT.exec(reference) ?? /\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(reference);
  return match?.[1] && match[2] ? { model: match[1], version: match[2] } : null;
}
