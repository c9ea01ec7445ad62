/** The four datastores that every workspace is created with, and the containers or shares behind them. */
import type { WorkspaceOptions } from '../protocol/workspace.ts';

export interface Datastore {
  readonly name: string;
  readonly type: 'AzureBlob' | 'AzureFile';
  /** Blob container or file share; also the folder below the emulator's storage folder. */
  readonly container: string;
  readonly isDefault: boolean;
}

export const DEFAULT_DATASTORE = 'workspaceblobstore';

/** Names of the first are documented, of the other three customary. */
export function defaultDatastores(workspace: WorkspaceOptions): readonly Datastore[] {
  const suffix = workspace.workspaceId;
  return [
    { name: DEFAULT_DATASTORE, type: 'AzureBlob', container: `azureml-blobstore-${suffix}`, isDefault: true },
    { name: 'workspaceartifactstore', type: 'AzureBlob', container: 'azureml', isDefault: false },
    { name: 'workspacefilestore', type: 'AzureFile', container: `azureml-filestore-${suffix}`, isDefault: false },
    { name: 'workspaceworkingdirectory', type: 'AzureFile', container: `code-${suffix}`, isDefault: false },
  ];
}
