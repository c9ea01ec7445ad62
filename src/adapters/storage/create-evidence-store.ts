/** The EvidenceStore port over blob container slipway-evidence; a document is written once and never changed. */
import type { TokenCredential } from '@azure/core-auth';
import type { EvidenceStore } from '../../ports/records.ts';
import { onFirstUse } from '../calls/first-use.ts';
import { statusOf } from '../calls/status-of.ts';

export const EVIDENCE_CONTAINER = 'slipway-evidence';

const MAX_BYTES = 1024 * 1024;
const CALL_TIMEOUT_MS = 15_000;
const NAME = /^[A-Za-z0-9._-]{1,250}\/[A-Za-z0-9._-]{1,100}$/;

/** The container is created on first use; the identity needs the role Storage Blob Data Contributor. */
export function createEvidenceStore(blobsEndpoint: string, credential: TokenCredential): EvidenceStore {
  const open = onFirstUse(async () => {
    const { BlobServiceClient } = await import('@azure/storage-blob');
    const service = new BlobServiceClient(blobsEndpoint, credential, {
      retryOptions: { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3000, tryTimeoutInMs: 10_000 },
    });
    const container = service.getContainerClient(EVIDENCE_CONTAINER);
    await container.createIfNotExists({ abortSignal: callSignal() });
    return container;
  });
  return {
    async put(name, document) {
      const text = JSON.stringify(document);
      if (Buffer.byteLength(text) > MAX_BYTES) throw new Error(`Evidence ${name} is larger than ${MAX_BYTES} bytes.`);
      const container = await open();
      try {
        await container.getBlockBlobClient(nameOf(name)).upload(text, Buffer.byteLength(text), {
          conditions: { ifNoneMatch: '*' },
          blobHTTPHeaders: { blobContentType: 'application/json' },
          abortSignal: callSignal(),
        });
      } catch (error) {
        if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
      }
    },
    async get(name) {
      const container = await open();
      try {
        const blob = container.getBlobClient(nameOf(name));
        const reply = await blob.download(0, MAX_BYTES, { abortSignal: callSignal() });
        return JSON.parse(await textOf(reply.readableStreamBody));
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
  };
}

async function textOf(stream: NodeJS.ReadableStream | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function nameOf(name: string): string {
  if (!NAME.test(name))
    throw new Error(`"${name.slice(0, 100)}" is no name for evidence; it must be <rollout id>/<file>.`);
  return name;
}

function callSignal(): AbortSignal {
  return AbortSignal.timeout(CALL_TIMEOUT_MS);
}
