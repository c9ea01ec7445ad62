/** The DataAssets port over Azure ML's data assets and datastores. */
import { z } from 'zod';
import type { DataAssets, DataLocation, DataResolution } from '../../ports/data-assets.ts';
import { type ArmRequests, armPath, createArmRequests } from './arm-requests.ts';
import { resolveAsset } from './asset-versions.ts';
import type { AzureMlClient, AzureMlTarget } from './azure-ml-client.ts';
import { blobAddress } from './datastore-address.ts';

export interface DataAssetsTarget extends AzureMlTarget {
  /** Address of the blob service behind the workspace's datastores; null: what each datastore says. */
  readonly datastoreBlobsEndpoint: string | null;
}

const versionSchema = z.looseObject({
  properties: z.looseObject({ dataType: z.string(), dataUri: z.string().min(1) }),
  systemData: z.looseObject({ createdAt: z.string().nullish() }).nullish(),
});

export function createDataAssets(client: AzureMlClient, target: DataAssetsTarget): DataAssets {
  const arm = createArmRequests(client, target);
  return { resolve: (source) => resolve(arm, target, source) };
}

async function resolve(arm: ArmRequests, target: DataAssetsTarget, source: string): Promise<DataResolution> {
  const kindOfAddress = source.endsWith('/') ? 'folder' : 'file';
  const address = { reference: null, uri: source, kind: kindOfAddress, createdAtIso: null } as const;
  if (/^(azureml|https):\/\//.test(source)) return located(arm, target, address);
  const found = await resolveAsset(arm, 'data', source);
  if (!found.ok) return found;
  const [, name, version] = /\/data\/([^/]+)\/versions\/([^/]+)$/i.exec(found.id) ?? [];
  if (!name || !version) return { ok: false, reason: `${found.id} is no data asset of the workspace.` };
  const body = await arm.get(armPath('data', name, 'versions', version));
  if (body === null) return { ok: false, reason: `There is no version ${version} of data asset ${name}.` };
  const { properties, systemData } = versionSchema.parse(body);
  const { dataType, dataUri } = properties;
  if (dataType !== 'uri_file' && dataType !== 'uri_folder') {
    return {
      ok: false,
      reason: `Data asset ${name}:${version} is a ${dataType}; only uri_file and uri_folder can be checked.`,
    };
  }
  const kind = dataType === 'uri_file' ? 'file' : 'folder';
  const createdAtIso = systemData?.createdAt ?? null;
  return located(arm, target, { reference: `azureml:${name}:${version}`, uri: dataUri, kind, createdAtIso });
}

async function located(
  arm: ArmRequests,
  { datastoreBlobsEndpoint }: DataAssetsTarget,
  data: Omit<DataLocation, 'blobUrl'>,
): Promise<DataResolution> {
  const address = await blobAddress(arm, data.uri, datastoreBlobsEndpoint);
  return address.ok ? { ok: true, data: { ...data, blobUrl: address.blobUrl } } : address;
}
