/** Finds where the files of a data asset, or of a storage address, lie. */
import type { WorkspaceOptions } from '../protocol/workspace.ts';
import type { ArtifactStore, Resolved } from '../storage/artifact-store.ts';
import { findAsset } from './asset-reference.ts';
import type { AssetStore } from './asset-store.ts';

export interface DataContext {
  readonly workspace: WorkspaceOptions;
  readonly assets: { readonly data: AssetStore };
  readonly artifacts: ArtifactStore;
}

/** `reference` is an address (`azureml://`, `https://`) or names a data asset; otherwise a sentence says why it is neither. */
export function dataPlace(context: DataContext, reference: string): Resolved {
  if (/^(azureml|https):\/\//i.test(reference)) return context.artifacts.resolve(reference);
  const asset = findAsset(context.workspace, 'data', context.assets.data, reference);
  if (typeof asset === 'string') return { ok: false, message: asset };
  return context.artifacts.resolve(String(asset.properties.dataUri));
}
