/**
 * Appends lines to blobs, many at a time.
 *
 * 1. Lines of one blob are appended in the order in which they were added.
 * 2. What could not be written stays for the next flush; more than `maxBufferedBytes` is never held.
 * 3. One flush runs at a time.
 */
import type { AppendBlobClient, BlobServiceClient } from '@azure/storage-blob';

/** Limit of one append ("Scalability targets for Blob storage": 4 MiB in all service versions). */
const MAX_APPEND_BYTES = 4 * 1024 * 1024;
const MAX_OPEN = 100;

export interface BlobLinesOptions {
  readonly blobs: BlobServiceClient;
  readonly maxBufferedBytes: number;
}

interface Waiting {
  readonly container: string;
  readonly path: string;
  readonly lines: Buffer[];
}

export class BlobLines {
  readonly #options: BlobLinesOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #open = new Map<string, AppendBlobClient>();
  #bufferedBytes = 0;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: BlobLinesOptions) {
    this.#options = options;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** False when the buffer is full: the line is not taken. */
  add(container: string, path: string, line: string): boolean {
    const bytes = Buffer.from(line, 'utf8');
    if (this.#bufferedBytes + bytes.length > this.#options.maxBufferedBytes) return false;
    const key = `${container}/${path}`;
    const waiting = this.#waiting.get(key) ?? { container, path, lines: [] };
    waiting.lines.push(bytes);
    this.#waiting.set(key, waiting);
    this.#bufferedBytes += bytes.length;
    return true;
  }

  /** Writes what is there now; rejects with the first failure, after it has tried every blob. */
  flush(): Promise<void> {
    const next = this.#flushing.then(() => this.#flushAll());
    this.#flushing = next.catch(() => undefined);
    return next;
  }

  async #flushAll(): Promise<void> {
    const outcomes = await Promise.allSettled([...this.#waiting].map(([key, waiting]) => this.#write(key, waiting)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #write(key: string, waiting: Waiting): Promise<void> {
    const { lines } = waiting;
    while (lines.length > 0) {
      const count = fitting(lines);
      const block = Buffer.concat(lines.slice(0, count));
      const blob = await this.#blob(key, waiting);
      await blob.appendBlock(block, block.length);
      lines.splice(0, count);
      this.#bufferedBytes -= block.length;
    }
    this.#waiting.delete(key);
  }

  async #blob(key: string, { container, path }: Waiting): Promise<AppendBlobClient> {
    const known = this.#open.get(key);
    if (known) return known;
    const folder = this.#options.blobs.getContainerClient(container);
    await folder.createIfNotExists();
    const blob = folder.getAppendBlobClient(path);
    await blob.createIfNotExists();
    // Older partitions will hardly be written again.
    if (this.#open.size >= MAX_OPEN) this.#open.clear();
    this.#open.set(key, blob);
    return blob;
  }
}

/** How many lines from the first on go into one append; at least one. */
function fitting(lines: readonly Buffer[]): number {
  let bytes = 0;
  let count = 0;
  for (const line of lines) {
    bytes += line.length;
    if (count > 0 && bytes > MAX_APPEND_BYTES) break;
    count += 1;
  }
  return count;
}
