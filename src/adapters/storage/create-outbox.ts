/** The Outbox port over blob container slipway-outbox: one blob per event, named so that the oldest comes first. */
import { createHash } from 'node:crypto';
import type { TokenCredential } from '@azure/core-auth';
import type { ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { OutgoingEvent } from '../../ports/events.ts';
import type { Outbox } from '../../ports/outbox.ts';
import { onFirstUse } from '../calls/first-use.ts';
import { statusOf } from '../calls/status-of.ts';

export const OUTBOX_CONTAINER = 'slipway-outbox';

const CALL_TIMEOUT_MS = 15_000;
const RETRIES = { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3000, tryTimeoutInMs: 10_000 };

const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  timeIso: z.string(),
  data: z.record(z.string(), z.unknown()),
});

/** The container is created on first use; the identity needs the role Storage Blob Data Contributor. */
export function createOutbox(blobsEndpoint: string, credential: TokenCredential): Outbox {
  const open = onFirstUse(async () => {
    const { BlobServiceClient } = await import('@azure/storage-blob');
    const service = new BlobServiceClient(blobsEndpoint, credential, { retryOptions: RETRIES });
    const container = service.getContainerClient(OUTBOX_CONTAINER);
    await container.createIfNotExists({ abortSignal: callSignal() });
    return container;
  });
  return {
    async put(event) {
      await putOnce(await open(), event);
    },
    async oldest(limit) {
      return readOldest(await open(), limit);
    },
    async remove(event) {
      const container = await open();
      await container.getBlobClient(nameOf(event)).deleteIfExists({ abortSignal: callSignal() });
    },
  };
}

async function putOnce(container: ContainerClient, event: OutgoingEvent): Promise<void> {
  const { confidential: _never, ...kept } = event;
  const text = JSON.stringify(kept);
  try {
    await container.getBlockBlobClient(nameOf(event)).upload(text, Buffer.byteLength(text), {
      conditions: { ifNoneMatch: '*' },
      abortSignal: callSignal(),
    });
  } catch (error) {
    if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
  }
}

async function readOldest(container: ContainerClient, limit: number): Promise<readonly OutgoingEvent[]> {
  const events: OutgoingEvent[] = [];
  for await (const { name } of container.listBlobsFlat({ abortSignal: callSignal() })) {
    if (events.length >= limit) break;
    const bytes = await container.getBlobClient(name).downloadToBuffer(0, undefined, { abortSignal: callSignal() });
    events.push(eventSchema.parse(JSON.parse(bytes.toString('utf8'))));
  }
  return events;
}

function nameOf({ id, timeIso }: OutgoingEvent): string {
  return `${timeIso}.${createHash('sha256').update(id).digest('hex').slice(0, 32)}.json`;
}

function callSignal(): AbortSignal {
  return AbortSignal.timeout(CALL_TIMEOUT_MS);
}
