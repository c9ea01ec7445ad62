/**
 * The TrainingData port over blobs, read as a stream by the app's identity (role Storage Blob Data Reader on the account of
 * the workspace). Bounded: what lies beyond is not read, and the report says so.
 */
import type { TokenCredential } from '@azure/core-auth';
import type { ContainerClient } from '@azure/storage-blob';
import type { DataReport, Inspection, InspectionRequest, TrainingData } from '../../ports/training-data.ts';
import { statusOf } from '../calls/status-of.ts';
import { allowedBlob } from './blob-address.ts';
import { ColumnChecks, type ValueForm } from './column-checks.ts';
import { type Chunks, formatOf, type RowFormat } from './row-reader.ts';

const MAX_FILES = 500;
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_ROWS = 2_000_000;
const TIMEOUT_MS = 120_000;
const RETRIES = { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3000, tryTimeoutInMs: 60_000 };

/** Bounds, for tests. */
export interface ReadLimits {
  readonly maxFiles?: number;
  readonly maxBytes?: number;
  readonly maxRows?: number;
}

interface Found {
  readonly name: string;
  readonly format: RowFormat;
}

interface Progress {
  files: number;
  bytes: number;
  rows: number;
  malformedRows: number;
  complete: boolean;
}

/** `endpoints`: addresses of blob services that may be read besides Azure's own. */
export function createTrainingData(
  endpoints: readonly string[],
  credential: TokenCredential,
  limits: ReadLimits = {},
): TrainingData {
  const bounds = { maxFiles: MAX_FILES, maxBytes: MAX_BYTES, maxRows: MAX_ROWS, ...limits };
  return { inspect: (request) => inspect(endpoints, credential, bounds, request) };
}

async function inspect(
  endpoints: readonly string[],
  credential: TokenCredential,
  bounds: Required<ReadLimits>,
  request: InspectionRequest,
): Promise<Inspection> {
  const place = allowedBlob(request.blobUrl, endpoints);
  if (!place) return { ok: false, reason: `"${request.blobUrl.slice(0, 300)}" is no blob that this app may read.` };
  const { ContainerClient } = await import('@azure/storage-blob');
  const container = new ContainerClient(place.containerUrl, credential, { retryOptions: RETRIES });
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const found =
      request.kind === 'file' ? oneFile(place.path) : await listFiles(container, place.path, bounds, signal);
    if ('reason' in found) return { ok: false, reason: found.reason };
    return { ok: true, report: await readAll(container, found, bounds, request, signal) };
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return { ok: false, reason: `There is nothing at ${request.blobUrl}.` };
  }
}

type Listing = { readonly files: readonly Found[]; readonly complete: boolean } | { readonly reason: string };

function oneFile(name: string): Listing {
  const format = formatOf(name);
  return format ? { files: [{ name, format }], complete: true } : unreadable(name);
}

/** Other files of the folder (markers, licences) are passed over; one form of rows at a time. */
async function listFiles(
  container: ContainerClient,
  path: string,
  { maxFiles }: Required<ReadLimits>,
  abortSignal: AbortSignal,
): Promise<Listing> {
  const prefix = `${path.replace(/\/+$/, '')}/`;
  const files: Found[] = [];
  for await (const { name } of container.listBlobsFlat({ prefix, abortSignal })) {
    const format = formatOf(name);
    if (!format) continue;
    if (files.length >= maxFiles) return { files, complete: false };
    files.push({ name, format });
  }
  if (files.length === 0) return unreadable(prefix);
  const forms = new Set<ValueForm>(files.map(({ format }) => format.form));
  return forms.size === 1
    ? { files, complete: true }
    : { reason: `${prefix} holds JSON lines and CSV; keep to one of them.` };
}

function unreadable(path: string): Listing {
  return { reason: `${path} holds no JSON lines (.jsonl, .json, .ndjson) and no CSV (.csv).` };
}

async function readAll(
  container: ContainerClient,
  { files, complete }: Exclude<Listing, { reason: string }>,
  bounds: Required<ReadLimits>,
  { columns }: InspectionRequest,
  abortSignal: AbortSignal,
): Promise<DataReport> {
  const checks = new ColumnChecks(columns, files[0]?.format.form ?? 'typed');
  const progress: Progress = { files: 0, bytes: 0, rows: 0, malformedRows: 0, complete };
  for (const { name, format } of files) {
    const reply = await container.getBlobClient(name).download(0, undefined, { abortSignal });
    progress.files += 1;
    await readOne(chunksOf(reply.readableStreamBody), format, checks, progress, bounds);
    if (!progress.complete) break;
  }
  return { ...progress, columns: checks.report() };
}

async function* chunksOf(stream: NodeJS.ReadableStream | undefined): Chunks {
  for await (const chunk of stream ?? []) yield Buffer.from(chunk);
}

async function readOne(
  chunks: Chunks,
  format: RowFormat,
  checks: ColumnChecks,
  progress: Progress,
  { maxBytes, maxRows }: Required<ReadLimits>,
): Promise<void> {
  for await (const row of format.rows(counted(chunks, progress))) {
    if (progress.bytes > maxBytes || progress.rows >= maxRows) {
      progress.complete = false;
      return;
    }
    progress.rows += 1;
    if (row) checks.add(row);
    else progress.malformedRows += 1;
  }
}

/** Leaving it early ends the download. */
async function* counted(chunks: Chunks, progress: Progress): Chunks {
  for await (const chunk of chunks) {
    progress.bytes += chunk.byteLength;
    yield chunk;
  }
}
