/** Texts that are too long for a table column live as gzip blobs under the instance's id. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type ContainerClient, isRestError } from '@azure/storage-blob';

/** 60 KB of UTF-16: a table column holds 64 KB. */
const MAX_INLINE_LENGTH = 30_000;

const compress = promisify(gzip);
const expand = promisify(gunzip);

export function isLarge(text: string): boolean {
  return text.length > MAX_INLINE_LENGTH;
}

/** True when the blob is gone or is no gzip; a storage that does not answer is another matter. */
export function isBlobDamaged(error: unknown): boolean {
  return !isRestError(error) || error.statusCode === 404;
}

export class LargeValues {
  readonly #container: ContainerClient;

  constructor(container: ContainerClient) {
    this.#container = container;
  }

  async open(): Promise<void> {
    await this.#container.createIfNotExists();
  }

  async save(name: string, text: string): Promise<void> {
    const data = await compress(Buffer.from(text, 'utf8'));
    await this.#container.getBlockBlobClient(name).upload(data, data.length, {
      blobHTTPHeaders: { blobContentType: 'application/json', blobContentEncoding: 'gzip' },
    });
  }

  async load(name: string): Promise<string> {
    const data = await this.#container.getBlockBlobClient(name).downloadToBuffer();
    return (await expand(data)).toString('utf8');
  }

  /** Address under which an Instances row refers to a blob. */
  urlOf(name: string): string {
    return this.#container.getBlockBlobClient(name).url;
  }

  /** Name of the blob that `text` refers to; undefined for any other text, also for foreign addresses. */
  nameOf(text: string): string | undefined {
    const base = `${this.#container.url}/`;
    if (!text.startsWith(base)) return undefined;
    return text.slice(base.length).split('/').map(decodeURIComponent).join('/');
  }

  async removeAll(prefix: string, kept: ReadonlySet<string> = new Set()): Promise<void> {
    for await (const blob of this.#container.listBlobsFlat({ prefix })) {
      if (!kept.has(blob.name)) await this.#container.deleteBlob(blob.name);
    }
  }
}
