/** Reads the ways in which one resource names an asset version: an ARM id, `azureml:<name>:<version>` or `azureml:<name>@latest`. */
import { armId, type WorkspaceOptions, workspaceArmId } from '../protocol/workspace.ts';
import type { AssetKind } from './asset-kind.ts';
import type { AssetStore, AssetVersion } from './asset-store.ts';

const LATEST = /^azureml:([^:/@]+)@latest$/i;
const SHORT = /^azureml:([^:/@]+):([^:/@]+)$/i;

/** The version, or a sentence that says why the reference leads nowhere. */
export function findAsset(
  workspace: WorkspaceOptions,
  kind: AssetKind,
  store: AssetStore,
  reference: string,
): AssetVersion | string {
  const latest = LATEST.exec(reference)?.[1];
  if (latest !== undefined) return latestVersion(kind, store, latest);
  const named = parse(workspace, kind, reference);
  if (!named) {
    return `'${reference}' is no reference to ${kind} of this workspace; use ${armId(workspace, kind, '<name>', 'versions', '<version>')} or azureml:<name>:<version>.`;
  }
  const found = store.version(named.name, named.version);
  return found ?? `There is no version '${named.version}' of '${named.name}' in ${kind} of the workspace.`;
}

/** The version that was created last, as the label says in Azure. */
function latestVersion(kind: AssetKind, store: AssetStore, name: string): AssetVersion | string {
  return store.versions(name).at(-1) ?? `There is no version of '${name}' in ${kind} of the workspace.`;
}

function parse(workspace: WorkspaceOptions, kind: AssetKind, reference: string) {
  const short = SHORT.exec(reference);
  if (short) return { name: short[1] ?? '', version: short[2] ?? '' };
  const id = reference.replace(/^azureml:(?=\/)/i, '');
  const prefix = `${workspaceArmId(workspace)}/${kind}/`;
  if (!id.toLowerCase().startsWith(prefix.toLowerCase())) return undefined;
  const [name = '', word = '', version = '', ...rest] = id.slice(prefix.length).split('/');
  if (word.toLowerCase() !== 'versions' || name === '' || version === '' || rest.length > 0) return undefined;
  return { name, version };
}
