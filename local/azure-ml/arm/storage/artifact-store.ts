/**
 * Maps artefact addresses to folders of this machine and to blobs, and copies artefacts in and out.
 *
 * 1. `<storageFolder>/<container>/<path>` is the blob `<path>` of that container; with blob storage (Azurite) what is
 *    stored here lies there too, and what others put there can be fetched.
 * 2. No address reaches outside the storage folder.
 * 3. Uploads are addressed by their content: the same folder uploaded twice is stored once.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { BlobServiceClient } from '@azure/storage-blob';
import type { WorkspaceOptions } from '../protocol/workspace.ts';
import { type BlobPlace, putBlobs, takeBlobs } from './blob-copies.ts';
import { type Datastore, DEFAULT_DATASTORE, defaultDatastores } from './default-datastores.ts';
import { copyWhole, exists, filesOf } from './local-files.ts';

export type Resolved =
  | ({ readonly ok: true; readonly path: string } & BlobPlace)
  | { readonly ok: false; readonly message: string };

export interface ArtifactStoreOptions {
  readonly storageFolder: string;
  readonly workspace: WorkspaceOptions;
  /** Addresses of blob endpoints whose containers are in the storage folder, without a trailing slash. */
  readonly blobEndpoints: readonly string[];
  /** Blob storage behind the datastores; without it the storage folder is all there is. */
  readonly blobs?: BlobServiceClient | undefined;
  /** Datastore address of an output of a job, or undefined when there is no such job or output. */
  readonly jobOutputUri?: (jobName: string, outputName: string) => string | undefined;
}

const DATASTORE_URI = /^azureml:\/\/(?:.+\/)?datastores\/([^/]+)\/(?:paths\/)?(.+)$/i;
/** The forms of the page "Work with registered models": a named output, or `artifacts` with a path. */
const JOB_URI = /^azureml:\/\/jobs\/([^/]+)\/outputs\/([^/]+)(?:\/paths\/(.*?))?\/?$/i;

export class ArtifactStore {
  readonly datastores: readonly Datastore[];
  readonly #options: ArtifactStoreOptions;
  readonly #published = new Set<string>();

  constructor(options: ArtifactStoreOptions) {
    this.#options = options;
    this.datastores = defaultDatastores(options.workspace);
  }

  /**
   * Place of `azureml://[..]datastores/<name>/paths/<path>`, `<blob endpoint>/<container>/<path>`,
   * `azureml://jobs/<job>/outputs/<output>[/paths/<path>]` or `azureml://jobs/<job>/outputs/artifacts/paths/<path>`.
   */
  resolve(uri: string): Resolved {
    const ofJob = JOB_URI.exec(uri);
    if (ofJob) return this.#ofJob(ofJob[1] ?? '', ofJob[2] ?? '', ofJob[3] ?? '');
    const inDatastore = DATASTORE_URI.exec(uri);
    if (inDatastore) return this.#inDatastore(inDatastore[1] ?? '', inDatastore[2] ?? '');
    const endpoint = this.#options.blobEndpoints.find((url) => uri.toLowerCase().startsWith(`${url.toLowerCase()}/`));
    if (endpoint) return this.#below(uri.slice(endpoint.length + 1), uri);
    const known = [
      'azureml://datastores/<datastore>/paths/<path>',
      'azureml://jobs/<job>/outputs/<output>',
      ...this.#options.blobEndpoints.map((u) => `${u}/..`),
    ];
    return { ok: false, message: `'${uri}' is no address that can be read here. Known forms: ${known.join(', ')}.` };
  }

  /** Copies a file or folder into the default datastore and returns its `azureml://` address. */
  async upload(localPath: string): Promise<string> {
    const path = `LocalUpload/${await contentHash(localPath)}/${basename(localPath)}`;
    const uri = `azureml://datastores/${DEFAULT_DATASTORE}/paths/${path}`;
    await this.put(localPath, uri);
    return uri;
  }

  /** Stores a file or folder at an address; what is there already in the storage folder stays. */
  async put(localPath: string, uri: string): Promise<void> {
    const target = this.resolve(uri);
    if (!target.ok) throw new Error(target.message);
    if (!(await exists(target.path))) await copyWhole(localPath, target.path);
    // The folder outlives blob storage that is kept in memory.
    if (this.#published.has(target.path)) return;
    await this.publish(uri);
    this.#published.add(target.path);
  }

  /** Puts what lies in the storage folder at an address into blob storage too. */
  async publish(uri: string): Promise<void> {
    const place = this.resolve(uri);
    if (!place.ok) throw new Error(place.message);
    if (this.#options.blobs && (await exists(place.path))) await putBlobs(this.#options.blobs, place.path, place);
  }

  /** Copies what an address holds to `target`, from blob storage where it lies there; false when nothing is there. */
  async fetch(place: Extract<Resolved, { ok: true }>, target: string): Promise<boolean> {
    if (this.#options.blobs && (await takeBlobs(this.#options.blobs, place, target))) return true;
    if (!(await exists(place.path))) return false;
    await mkdir(dirname(target), { recursive: true });
    await cp(place.path, target, { recursive: true });
    return true;
  }

  #ofJob(jobName: string, outputName: string, path: string): Resolved {
    const uri = this.#options.jobOutputUri?.(jobName, outputName);
    if (uri === undefined) return { ok: false, message: `There is no output '${outputName}' of a job '${jobName}'.` };
    return this.resolve(path === '' ? uri : `${uri.replace(/\/+$/, '')}/${path}`);
  }

  #inDatastore(name: string, path: string): Resolved {
    const datastore = this.datastores.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (!datastore) return { ok: false, message: `There is no datastore '${name}' in the workspace.` };
    return this.#below(`${datastore.container}/${path}`, path);
  }

  #below(path: string, shown: string): Resolved {
    const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
    if (segments.length < 2 || segments.some((segment) => segment === '..' || /[\\\0]/.test(segment))) {
      return { ok: false, message: `'${shown}' is not a path inside a container.` };
    }
    const [container = '', ...rest] = segments;
    return { ok: true, path: join(this.#options.storageFolder, ...segments), container, blobPath: rest.join('/') };
  }
}

async function contentHash(localPath: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesOf(localPath)) {
    hash.update(`${relative(localPath, file).split(sep).join('/')}\0`).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 32);
}
