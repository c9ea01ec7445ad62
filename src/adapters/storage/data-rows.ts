/** The DataRows port over blobs, read as a stream by the app's identity (role Storage Blob Data Reader). */
import type { TokenCredential } from '@azure/core-auth';
import type { ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { CollectedRow, CollectedWindow, DataRow, DataRows } from '../../ports/data-rows.ts';
import { statusOf } from '../calls/status-of.ts';
import { allowedBlob } from './blob-address.ts';
import { namesBelow, namesOfHours } from './hour-folders.ts';
import { formatOf, type Row } from './row-reader.ts';

const MAX_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MS = 180_000;
const RETRIES = { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3000, tryTimeoutInMs: 60_000 };

/** Bounds, for tests. */
export interface RowLimits {
  readonly maxBytes?: number;
}

interface Reading {
  readonly container: ContainerClient;
  readonly path: string;
  readonly signal: AbortSignal;
  readonly budget: { bytes: number };
  readonly onCut: () => void;
}

/** `endpoints`: addresses of blob services that may be read besides Azure's own. */
export function createDataRows(
  endpoints: readonly string[],
  credential: TokenCredential,
  limits: RowLimits = {},
): DataRows {
  const open = async (blobUrl: string, onCut: () => void): Promise<Reading> => {
    const place = allowedBlob(blobUrl, endpoints);
    if (!place) throw new Error(`"${blobUrl.slice(0, 300)}" is no blob that this app may read.`);
    const { ContainerClient } = await import('@azure/storage-blob');
    const container = new ContainerClient(place.containerUrl, credential, { retryOptions: RETRIES });
    const budget = { bytes: limits.maxBytes ?? MAX_BYTES };
    return { container, path: place.path, signal: AbortSignal.timeout(TIMEOUT_MS), budget, onCut };
  };
  return {
    async *readDataset(blobUrl, kind, onCut) {
      const reading = await open(blobUrl, onCut);
      const names = kind === 'file' ? [reading.path] : await namesBelow(reading, `${folderOf(reading)}/`);
      for (const name of names) yield* rowsOf(reading, name);
    },
    async *readLines(blobUrl, onCut) {
      const reading = await open(blobUrl, onCut);
      try {
        yield* everyRowOf(reading, reading.path);
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    },
    async *readCollected(blobUrl, window, onCut) {
      const reading = await open(blobUrl, onCut);
      const { endpoint, deployment, collection } = window;
      const folder = `${folderOf(reading)}/${endpoint}/${deployment}/${collection}`;
      for (const name of await namesOfHours(reading, folder, window)) {
        for await (const line of rowsOf(reading, name)) yield* rowsOfEvent(line, window);
      }
    },
    async *readArrived(folderUrl, window, onCut) {
      const reading = await open(folderUrl, onCut);
      for (const name of await namesOfHours(reading, folderOf(reading), window)) yield* rowsOf(reading, name);
    },
  };
}

function folderOf({ path }: Reading): string {
  return path.replace(/\/+$/, '');
}

async function* rowsOf(reading: Reading, name: string): AsyncIterable<DataRow> {
  for await (const row of everyRowOf(reading, name)) {
    if (row) yield row;
  }
}

async function* everyRowOf({ container, signal, budget, onCut }: Reading, name: string): AsyncIterable<Row> {
  const format = formatOf(name);
  if (!format) return;
  if (budget.bytes <= 0) return onCut();
  const reply = await container.getBlobClient(name).download(0, undefined, { abortSignal: signal });
  yield* format.rows(chunksOf(reply.readableStreamBody, budget, onCut));
}

/** Ends with the budget: a row that is cut there cannot be read and is passed over. */
async function* chunksOf(
  stream: NodeJS.ReadableStream | undefined,
  budget: { bytes: number },
  onCut: () => void,
): AsyncIterable<Uint8Array> {
  for await (const chunk of stream ?? []) {
    const bytes = Buffer.from(chunk);
    budget.bytes -= bytes.byteLength;
    yield bytes;
    if (budget.bytes <= 0) return onCut();
  }
}

const eventSchema = z.looseObject({
  time: z.string(),
  correlationid: z.string().nullish(),
  data: z.array(z.record(z.string(), z.unknown())),
});

/** One CloudEvent per line, with the rows of one request as its data. */
function* rowsOfEvent(line: DataRow, { fromMs, untilMs }: CollectedWindow): Iterable<CollectedRow> {
  const event = eventSchema.safeParse(line);
  if (!event.success) return;
  const { time, correlationid, data } = event.data;
  const atMs = Date.parse(time);
  if (!(atMs >= fromMs && atMs < untilMs)) return;
  for (const row of data) yield { atMs, correlationId: correlationid ?? null, row };
}
