/** Azurite, sidecars that write to it, and a caller that sends what Azure ML's collector sends. */
import { BlobServiceClient } from '@azure/storage-blob';
import { CollectionCounts } from '../../../../local/azure-ml/collection/collection-counts.ts';
import { type Sidecar, startSidecar } from '../../../../local/azure-ml/collection/sidecar.ts';
import type { DataCollection } from '../../../../local/azure-ml/seams/data-collection.ts';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { startAzurite } from '../../functions-host/durable/harness/azurite.ts';

export const CONTAINER = 'azureml-blobstore-test';
export const NOW_MS = Date.UTC(2026, 0, 1, 12, 30);

export interface Storage {
  readonly blobs: BlobServiceClient;
  /** Text of every blob below a folder, by path. */
  read(folder: string): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

export async function startStorage(): Promise<Storage> {
  const azurite = await startAzurite();
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  const container = blobs.getContainerClient(CONTAINER);
  await container.createIfNotExists();
  return {
    blobs,
    stop: () => azurite.stop(),
    async read(folder) {
      const found: Record<string, string> = {};
      for await (const { name } of container.listBlobsFlat({ prefix: `${folder}/` })) {
        found[name] = String(await container.getBlobClient(name).downloadToBuffer());
      }
      return found;
    },
  };
}

export function collectionOf(deployment: string, given: Partial<DataCollection> = {}): DataCollection {
  const blobPath = `modelDataCollector/flights/${deployment}/model_inputs`;
  return {
    source: `/workspaces/w/onlineEndpoints/flights/deployments/${deployment}`,
    rollingRate: 'Hour',
    collections: [{ name: 'model_inputs', samplingRate: 1, container: CONTAINER, blobPath }],
    ...given,
  };
}

export interface RunningTest {
  readonly sidecar: Sidecar;
  readonly clock: ManualClock;
  readonly counts: CollectionCounts;
  readonly logged: string[];
  send(body: string, headers?: Record<string, string>): Promise<number>;
}

export async function startTestSidecar(
  blobs: BlobServiceClient,
  collection: DataCollection,
  maxBufferedBytes?: number,
): Promise<RunningTest> {
  const clock = new ManualClock(NOW_MS);
  const counts = new CollectionCounts();
  const logged: string[] = [];
  const sidecar = await startSidecar({
    collection,
    blobs,
    clock,
    counts,
    log: (line) => logged.push(line),
    ...(maxBufferedBytes === undefined ? {} : { maxBufferedBytes }),
  });
  const headers = {
    'content-type': 'application/json',
    'ce-type': 'azureml.inference.model_inputs',
    'ce-time': String(NOW_MS / 1000),
    'ce-x-request-id': 'r',
  };
  return {
    sidecar,
    clock,
    counts,
    logged,
    send: async (body, given = {}) => {
      const url = `http://127.0.0.1:${sidecar.port}/modeldata/log`;
      return (await fetch(url, { method: 'POST', headers: { ...headers, ...given }, body })).status;
    },
  };
}
