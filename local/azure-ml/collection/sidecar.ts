/**
 * The data collector beside one instance: takes what Azure ML's collector sends and appends it to blob storage.
 *
 * 1. It listens on loopback; what it answers never depends on blob storage, so scoring does not wait for it.
 * 2. It takes enabled collections only; what it cannot hold is refused and counted, never kept beyond the bound.
 * 3. Taken events are written at the latest `flushMs` later, or when it stops; what cannot be written then is counted lost.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BlobServiceClient } from '@azure/storage-blob';
import { type Cancel, type Clock, sleep, systemClock } from '../../emulator/clock.ts';
import type { Collection, DataCollection } from '../seams/data-collection.ts';
import { BlobLines } from './blob-lines.ts';
import { collectedEvent } from './collected-event.ts';
import type { CollectionCounts } from './collection-counts.ts';
import { partition } from './partition.ts';

export interface SidecarOptions {
  readonly collection: DataCollection;
  readonly blobs: BlobServiceClient;
  readonly clock: Clock;
  readonly counts: CollectionCounts;
  readonly log: (line: string) => void;
  /** How long taken events wait for others; 1000 unless given. */
  readonly flushMs?: number;
  /** 8 MiB unless given. */
  readonly maxBufferedBytes?: number;
}

export interface Sidecar {
  readonly port: number;
  /** Writes what is held now. */
  flush(): Promise<void>;
  /** Takes nothing more and writes what it holds; safe to repeat. */
  stop(): Promise<void>;
}

const PATH = '/modeldata/log';
const MAX_BODY_BYTES = 1024 * 1024;
const FLUSH_MS = 1_000;
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
/** An append blob takes 50,000 blocks ("Scalability targets for Blob storage"); each flush makes at least one. */
const FLUSHES_PER_FILE = 40_000;
const STOP_LIMIT_MS = 5_000;

export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  const sidecar = new RunningSidecar(options);
  await sidecar.listen();
  return sidecar;
}

class RunningSidecar implements Sidecar {
  readonly #options: SidecarOptions;
  readonly #collections: ReadonlyMap<string, Collection>;
  readonly #lines: BlobLines;
  readonly #server: Server;
  #unwritten = new Map<string, number>();
  #fileName = `${randomUUID()}.jsonl`;
  #flushes = 0;
  #due: Cancel | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: SidecarOptions) {
    this.#options = options;
    this.#collections = new Map(options.collection.collections.map((one) => [one.name, one]));
    const maxBufferedBytes = options.maxBufferedBytes ?? MAX_BUFFERED_BYTES;
    this.#lines = new BlobLines({ blobs: options.blobs, maxBufferedBytes });
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => resolve());
    });
  }

  async flush(): Promise<void> {
    this.#due?.();
    this.#due = undefined;
    const written = this.#unwritten;
    this.#unwritten = new Map();
    this.#countFlush();
    try {
      await this.#lines.flush();
      for (const [name, events] of written) this.#count(name).stored += events;
    } catch (error) {
      for (const [name, events] of written) this.#unwritten.set(name, (this.#unwritten.get(name) ?? 0) + events);
      this.#options.log(`Collected data of ${this.#options.collection.source} could not be written yet: ${error}`);
      if (!this.#stopping) this.#flushLater();
      throw error;
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    const tooLong = new AbortController();
    const limit = sleep(systemClock, STOP_LIMIT_MS, tooLong.signal).catch(() => undefined);
    await Promise.race([this.flush().catch(() => undefined), limit]);
    tooLong.abort();
    for (const [name, events] of this.#unwritten) this.#error(name, 'lost at stop', events);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, text] = await this.#take(request).catch(() => [400, 'The request could not be read.'] as const);
    if (!response.destroyed) response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  }

  async #take(request: IncomingMessage): Promise<readonly [number, string]> {
    if (request.method !== 'POST' || request.url !== PATH) return [404, `Only POST ${PATH} is answered.`];
    const body = await readBody(request);
    const { collection, clock } = this.#options;
    if (!body) return this.#refuse('', 413, `A call is at most ${MAX_BODY_BYTES} bytes long.`);
    const event = collectedEvent(request.headers, body, { source: collection.source, nowMs: clock.nowMs() });
    if (!event.ok) return this.#refuse('', event.status, event.problem);
    const target = this.#collections.get(event.collection);
    if (!target) return this.#refuse(event.collection, 400, `The collection '${event.collection}' is not enabled.`);
    const path = `${target.blobPath}/${partition(event.timeMs, collection.rollingRate)}/${this.#fileName}`;
    if (!this.#lines.add(target.container, path, event.line)) {
      return this.#refuse(event.collection, 429, 'The buffer is full: blob storage takes less than is collected.');
    }
    this.#count(event.collection).events += 1;
    this.#unwritten.set(event.collection, (this.#unwritten.get(event.collection) ?? 0) + 1);
    this.#flushLater();
    return [200, 'accepted'];
  }

  #refuse(name: string, status: number, problem: string): readonly [number, string] {
    this.#error(this.#collections.has(name) ? name : '', `${status}: ${problem}`, 1);
    return [status, problem];
  }

  #flushLater(): void {
    if (this.#due || this.#stopping) return;
    const { clock, flushMs = FLUSH_MS } = this.#options;
    this.#due = clock.after(flushMs, () => void this.flush().catch(() => undefined));
  }

  #countFlush(): void {
    this.#flushes += 1;
    if (this.#flushes % FLUSHES_PER_FILE === 0) this.#fileName = `${randomUUID()}.jsonl`;
  }

  #count(name: string) {
    return this.#options.counts.of(this.#options.collection.source, name);
  }

  #error(name: string, reason: string, events: number): void {
    for (let left = events; left > 0; left -= 1) {
      this.#options.counts.error(this.#options.collection.source, name, reason);
    }
  }
}

/** Undefined when the body is longer than a call may be. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to the end, so that the sender gets an answer and not a broken connection.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}
