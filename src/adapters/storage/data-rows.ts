/** The DataRows port over blobs, read as a stream by the app's identity (role Storage Blob Data Reader). */
import type { TokenCredential } from '@azure/core-auth';
import { ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { CollectedWindow, DataRow, DataRows } from '../../ports/data-rows.ts';
import { allowedBlob } from './blob-address.ts';
import { formatOf } from './row-reader.ts';
import { statusOf } from './storage-error.ts';

const MAX_FILES = 5000;
const MAX_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MS = 180_000;
const HOUR_MS = 3_600_000;
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
}

/** `endpoints`: addresses of blob services that may be read besides Azure's own. */
export function createDataRows(
  endpoints: readonly string[],
  credential: TokenCredential,
  limits: RowLimits = {},
): DataRows {
  const open = (blobUrl: string): Reading => {
    const place = allowedBlob(blobUrl, endpoints);
    if (!place) throw new Error(`"${blobUrl.slice(0, 300)}" is no blob that this app may read.`);
    const container = new ContainerClient(place.containerUrl, credential, { retryOptions: RETRIES });
    const budget = { bytes: limits.maxBytes ?? MAX_BYTES };
    return { container, path: place.path, signal: AbortSignal.timeout(TIMEOUT_MS), budget };
  };
  return {
    async *readDataset(blobUrl, kind) {
      const reading = open(blobUrl);
      const names = kind === 'file' ? [reading.path] : await namesBelow(reading, reading.path);
      for (const name of names) yield* rowsOf(reading, name);
    },
    async *readCollected(blobUrl, window) {
      const reading = open(blobUrl);
      for (const name of await collectedNames(reading, window)) {
        for await (const line of rowsOf(reading, name)) yield* rowsOfEvent(line, window);
      }
    },
  };
}

async function namesBelow({ container, signal }: Reading, folder: string): Promise<readonly string[]> {
  const prefix = `${folder.replace(/\/+$/, '')}/`;
  const names: string[] = [];
  try {
    for await (const { name } of container.listBlobsFlat({ prefix, abortSignal: signal })) {
      if (formatOf(name) && names.push(name) >= MAX_FILES) break;
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  return names;
}

/**
 * Files lie in `<endpoint>/<deployment>/<collection>/yyyy/MM/dd/HH/`, the hour in which they were written ("Collect
 * production data from models"): one that was written within the window, or in the hour after it, may hold its rows.
 */
async function collectedNames(reading: Reading, window: CollectedWindow): Promise<readonly string[]> {
  const { endpoint, deployment, collection, fromMs, untilMs } = window;
  const folder = `${reading.path.replace(/\/+$/, '')}/${endpoint}/${deployment}/${collection}`;
  const names = await namesBelow(reading, folder);
  return names.filter((name) => {
    const [, hour] = /\/(\d{4}\/\d{2}\/\d{2}\/\d{2})\/[^/]+$/.exec(name) ?? [];
    const startMs = hour === undefined ? Number.NaN : hourOf(hour);
    return startMs > fromMs - HOUR_MS && startMs <= untilMs + HOUR_MS;
  });
}

function hourOf(path: string): number {
  const [year, month, day, hour] = path.split('/').map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour);
}

async function* rowsOf({ container, signal, budget }: Reading, name: string): AsyncIterable<DataRow> {
  const format = formatOf(name);
  if (!format || budget.bytes <= 0) return;
  const reply = await container.getBlobClient(name).download(0, undefined, { abortSignal: signal });
  for await (const row of format.rows(chunksOf(reply.readableStreamBody, budget))) {
    if (row) yield row;
  }
}

/** Ends with the budget: a row that is cut there cannot be read and is passed over. */
async function* chunksOf(
  stream: NodeJS.ReadableStream | undefined,
  budget: { bytes: number },
): AsyncIterable<Uint8Array> {
  for await (const chunk of stream ?? []) {
    const bytes = Buffer.from(chunk);
    budget.bytes -= bytes.byteLength;
    yield bytes;
    if (budget.bytes <= 0) return;
  }
}

const eventSchema = z.looseObject({ time: z.string(), data: z.array(z.record(z.string(), z.unknown())) });

/** One CloudEvent per line, with the rows of one request as its data. */
function* rowsOfEvent(line: DataRow, { fromMs, untilMs }: CollectedWindow): Iterable<DataRow> {
  const event = eventSchema.safeParse(line);
  if (!event.success) return;
  const atMs = Date.parse(event.data.time);
  if (atMs >= fromMs && atMs < untilMs) yield* event.data.data;
}
