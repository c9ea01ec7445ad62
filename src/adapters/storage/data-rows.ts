/** The DataRows port over blobs, read as a stream by the app's identity (role Storage Blob Data Reader). */
import type { TokenCredential } from '@azure/core-auth';
import { ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { CollectedWindow, DataRow, DataRows } from '../../ports/data-rows.ts';
import { allowedBlob } from './blob-address.ts';
import { formatOf, type Row } from './row-reader.ts';
import { statusOf } from './storage-error.ts';

const MAX_FILES = 5000;
const MAX_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MS = 180_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
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
  const open = (blobUrl: string, onCut: () => void): Reading => {
    const place = allowedBlob(blobUrl, endpoints);
    if (!place) throw new Error(`"${blobUrl.slice(0, 300)}" is no blob that this app may read.`);
    const container = new ContainerClient(place.containerUrl, credential, { retryOptions: RETRIES });
    const budget = { bytes: limits.maxBytes ?? MAX_BYTES };
    return { container, path: place.path, signal: AbortSignal.timeout(TIMEOUT_MS), budget, onCut };
  };
  return {
    async *readDataset(blobUrl, kind, onCut) {
      const reading = open(blobUrl, onCut);
      const names =
        kind === 'file' ? [reading.path] : await namesBelow(reading, `${reading.path.replace(/\/+$/, '')}/`);
      for (const name of names) yield* rowsOf(reading, name);
    },
    async *readLines(blobUrl, onCut) {
      const reading = open(blobUrl, onCut);
      try {
        yield* everyRowOf(reading, reading.path);
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    },
    async *readCollected(blobUrl, window, onCut) {
      const reading = open(blobUrl, onCut);
      for (const name of await collectedNames(reading, window)) {
        for await (const line of rowsOf(reading, name)) yield* rowsOfEvent(line, window);
      }
    },
  };
}

/** In order of name, `MAX_FILES` at most. */
async function namesBelow({ container, signal }: Reading, prefix: string): Promise<readonly string[]> {
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
 * production data from models"): one that was written within the window, or in the hour after it, may hold its rows. Only
 * the days of the window are listed, the latest first: where there is too much, the oldest rows are left out.
 */
async function collectedNames(reading: Reading, window: CollectedWindow): Promise<readonly string[]> {
  const { endpoint, deployment, collection, fromMs, untilMs } = window;
  const folder = `${reading.path.replace(/\/+$/, '')}/${endpoint}/${deployment}/${collection}`;
  const names: string[] = [];
  for (const day of daysBackwards(fromMs - HOUR_MS, untilMs + HOUR_MS)) {
    const ofDay = await namesBelow(reading, `${folder}/${day}/`);
    names.push(...ofDay.filter((name) => isWithin(name, window)).reverse());
  }
  return names;
}

/** `yyyy/MM/dd` in UTC. */
function daysBackwards(fromMs: number, untilMs: number): readonly string[] {
  const first = Math.floor(fromMs / DAY_MS);
  const last = Math.floor(untilMs / DAY_MS);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    return new Date((last - index) * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '/');
  });
}

function isWithin(name: string, { fromMs, untilMs }: CollectedWindow): boolean {
  const [, hour] = /\/(\d{4}\/\d{2}\/\d{2}\/\d{2})\/[^/]+$/.exec(name) ?? [];
  const startMs = hour === undefined ? Number.NaN : hourOf(hour);
  return startMs > fromMs - HOUR_MS && startMs <= untilMs + HOUR_MS;
}

function hourOf(path: string): number {
  const [year, month, day, hour] = path.split('/').map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour);
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

const eventSchema = z.looseObject({ time: z.string(), data: z.array(z.record(z.string(), z.unknown())) });

/** One CloudEvent per line, with the rows of one request as its data. */
function* rowsOfEvent(line: DataRow, { fromMs, untilMs }: CollectedWindow): Iterable<DataRow> {
  const event = eventSchema.safeParse(line);
  if (!event.success) return;
  const atMs = Date.parse(event.data.time);
  if (atMs >= fromMs && atMs < untilMs) yield* event.data.data;
}
