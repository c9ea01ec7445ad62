/** Turns an `azureml://` address into the blob behind it, by what the workspace says of the datastore. */
import { z } from 'zod';
import { type ArmRequests, armPath } from './arm-requests.ts';

/** Short and long form ("Access data in a job", datastore URIs). */
const DATASTORE_URI =
  /^azureml:\/\/(?:subscriptions\/[^/]+\/resourcegroups\/[^/]+\/(?:providers\/[^/]+\/)?workspaces\/([^/]+)\/)?datastores\/([A-Za-z0-9_-]+)\/paths\/(.+)$/i;

const datastoreSchema = z.looseObject({
  properties: z.looseObject({
    datastoreType: z.string(),
    accountName: z.string().nullish(),
    containerName: z.string().nullish(),
    filesystem: z.string().nullish(),
    endpoint: z.string().nullish(),
    protocol: z.string().nullish(),
  }),
});

export type BlobAddress =
  | { readonly ok: true; readonly blobUrl: string }
  | { readonly ok: false; readonly reason: string };

/** `blobsEndpoint` stands for the account's own address where it is given (another cloud, a local storage). */
export async function blobAddress(arm: ArmRequests, uri: string, blobsEndpoint: string | null): Promise<BlobAddress> {
  if (uri.startsWith('https://')) return { ok: true, blobUrl: uri };
  const [, workspace, name, path] = DATASTORE_URI.exec(uri) ?? [];
  if (!name || !path || path.split('/').includes('..'))
    return refused(`"${uri.slice(0, 300)}" is no address in a datastore.`);
  if (workspace && !arm.workspaceId.toLowerCase().endsWith(`/workspaces/${workspace.toLowerCase()}`)) {
    return refused(`"${uri.slice(0, 300)}" lies in another workspace.`);
  }
  const body = await arm.get(armPath('datastores', name));
  if (body === null) return refused(`There is no datastore ${name} in the workspace.`);
  const { properties } = datastoreSchema.parse(body);
  const container = properties.containerName ?? properties.filesystem;
  if (!container || !properties.accountName) {
    return refused(
      `Datastore ${name} (${properties.datastoreType}) keeps no blobs; use a blob or Data Lake Gen2 datastore.`,
    );
  }
  const account = `${properties.protocol ?? 'https'}://${properties.accountName}.blob.${properties.endpoint ?? 'core.windows.net'}`;
  const escaped = path.split('/').map(encodeURIComponent).join('/');
  return { ok: true, blobUrl: `${blobsEndpoint ?? account}/${container}/${escaped}` };
}

function refused(reason: string): BlobAddress {
  return { ok: false, reason };
}
