/**
 * Data collection of a deployment: the data asset that each collection is found by, and the member of the deployment that
 * switches it on. The command line registers these assets before it creates the deployment (azure-ai-ml, online deployment
 * operations), the service does not: so does this adapter.
 */
import type { DataCollectionTemplate } from '../../domain/policy/policy.ts';
import type { WriteOutcome } from '../../ports/model-platform.ts';
import { type ArmRequests, armPath } from './arm-requests.ts';

const ASSET_VERSION = '1';
const COLLECTOR_FOLDER = 'azureml://datastores/workspaceblobstore/paths/modelDataCollector';
const ROLLING_RATE = 'Hour';

interface Owner {
  readonly endpoint: string;
  readonly deployment: string;
}

/** Stops at the first asset that Azure does not take. Assets that are there already stay as they are. */
export async function ensureCollectionAssets(
  arm: ArmRequests,
  owner: Owner,
  { collections }: DataCollectionTemplate,
): Promise<WriteOutcome> {
  for (const collection of collections) {
    const path = armPath('data', assetName(owner, collection), 'versions', ASSET_VERSION);
    if ((await arm.get(path)) !== null) continue;
    const dataUri = `${COLLECTOR_FOLDER}/${owner.endpoint}/${owner.deployment}/${collection}`;
    const outcome = await arm.write('PUT', path, { properties: { dataType: 'uri_folder', dataUri } });
    if (outcome.kind !== 'accepted') return outcome;
  }
  return { kind: 'accepted' };
}

/** `dataCollector` of api-version 2023-04-01 and later. */
export function dataCollectorBody(workspaceId: string, owner: Owner, template: DataCollectionTemplate): object {
  const collections = template.collections.map((collection) => [
    collection,
    {
      dataCollectionMode: 'Enabled',
      samplingRate: template.samplingRate,
      dataId: `${workspaceId}/data/${assetName(owner, collection)}/versions/${ASSET_VERSION}`,
    },
  ]);
  return { collections: Object.fromEntries(collections), rollingRate: ROLLING_RATE };
}

function assetName({ endpoint, deployment }: Owner, collection: string): string {
  return `${endpoint}-${deployment}-${collection}`;
}
