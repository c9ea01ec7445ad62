/**
 * Raises the storage account's BlobCreated events, which Azurite does not: it looks at the watched containers again and
 * again and reports what is new or changed.
 *
 * 1. A blob that was there at the start, or that did not change, raises nothing.
 * 2. Overwriting a blob raises again, as in Azure. A look that fails is repeated; nothing is lost by it.
 *
 * Wire shape: "Azure Blob Storage as an Event Grid source" (Azure Event Grid documentation), Event Grid event schema.
 */
import { randomUUID } from 'node:crypto';
import type { BlobItem, BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import type { SystemEventSink } from '../contracts/system-event.ts';
import type { Clock } from '../emulator/clock.ts';

export interface StorageEventsOptions {
  readonly blobs: BlobServiceClient;
  /** ARM id of the storage account. */
  readonly source: string;
  /** Containers to watch; one that does not exist yet is empty. */
  readonly containers: readonly string[];
  readonly events: SystemEventSink;
  readonly clock: Clock;
  /** Pause between two looks. Default 500 ms. */
  readonly lookMs?: number;
  readonly log?: (line: string) => void;
}

export interface RunningStorageEvents {
  stop(): Promise<void>;
}

const LOOK_MS = 500;

/** Resolves after the first look: what is written from then on is reported. */
export async function startStorageEvents(options: StorageEventsOptions): Promise<RunningStorageEvents> {
  const { clock, log = () => {} } = options;
  const seen = new Map<string, string>();
  let sequence = 0;
  const look = async (report: boolean) => {
    for (const name of options.containers) {
      const container = options.blobs.getContainerClient(name);
      for (const blob of await blobsOf(container)) {
        const url = container.getBlobClient(blob.name).url;
        if (seen.get(url) === blob.properties.etag) continue;
        seen.set(url, blob.properties.etag);
        sequence += 1;
        if (report) options.events.raise({ source: options.source, ...blobCreated(name, blob, url, sequence) });
      }
    }
  };
  await look(false);
  let isStopped = false;
  let cancel = () => {};
  let looking = Promise.resolve();
  const schedule = () => {
    if (isStopped) return;
    cancel = clock.after(options.lookMs ?? LOOK_MS, () => {
      looking = look(true)
        .catch((error: unknown) => log(`New blobs could not be looked for: ${String(error)}`))
        .then(schedule);
    });
  };
  schedule();
  return {
    async stop() {
      isStopped = true;
      cancel();
      await looking;
    },
  };
}

async function blobsOf(container: ContainerClient): Promise<readonly BlobItem[]> {
  if (!(await container.exists())) return [];
  const found: BlobItem[] = [];
  for await (const blob of container.listBlobsFlat()) found.push(blob);
  return found;
}

function blobCreated(container: string, { name, properties }: BlobItem, url: string, sequence: number) {
  return {
    type: 'Microsoft.Storage.BlobCreated',
    subject: `/blobServices/default/containers/${container}/blobs/${name}`,
    data: {
      api: 'PutBlob',
      clientRequestId: randomUUID(),
      requestId: randomUUID(),
      eTag: properties.etag.replaceAll('"', ''),
      contentType: properties.contentType ?? 'application/octet-stream',
      contentLength: properties.contentLength ?? 0,
      blobType: properties.blobType ?? 'BlockBlob',
      url,
      sequencer: sequence.toString(16).padStart(32, '0'),
      storageDiagnostics: { batchId: randomUUID() },
    },
  };
}
