/**
 * Maps artefact addresses to folders of this machine, and copies artefacts in and out.
 *
 * 1. `<storageFolder>/<container>/<path>` is the blob `<path>` of that container.
 * 2. No address reaches outside the storage folder.
 * 3. Uploads are addressed by their content: the same folder uploaded twice is stored once.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { WorkspaceOptions } from '../protocol/workspace.ts';
import { type Datastore, DEFAULT_DATASTORE, defaultDatastores } from './default-datastores.ts';

export type Resolved = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly message: string };

export interface ArtifactStoreOptions {
  readonly storageFolder: string;
  readonly workspace: WorkspaceOptions;
  /** Addresses of blob endpoints whose containers are in the storage folder, without a trailing slash. */
  readonly blobEndpoints: readonly string[];
}

const DATASTORE_URI = /^azureml:\/\/(?:.+\/)?datastores\/([^/]+)\/paths\/(.+)$/i;

export class ArtifactStore {
  readonly datastores: readonly Datastore[];
  readonly #options: ArtifactStoreOptions;

  constructor(options: ArtifactStoreOptions) {
    this.#options = options;
    this.datastores = defaultDatastores(options.workspace);
  }

  /** Local path of `azureml://[..]datastores/<name>/paths/<path>` or `<blob endpoint>/<container>/<path>`. */
  resolve(uri: string): Resolved {
    const inDatastore = DATASTORE_URI.exec(uri);
    if (inDatastore) return this.#inDatastore(inDatastore[1] ?? '', inDatastore[2] ?? '');
    const endpoint = this.#options.blobEndpoints.find((url) => uri.toLowerCase().startsWith(`${url.toLowerCase()}/`));
    if (endpoint) return this.#below(uri.slice(endpoint.length + 1), uri);
    const known = [
      'azureml://datastores/<datastore>/paths/<path>',
      ...this.#options.blobEndpoints.map((u) => `${u}/..`),
    ];
    return { ok: false, message: `'${uri}' is no address that can be read here. Known forms: ${known.join(', ')}.` };
  }

  /** Copies a file or folder into the default datastore and returns its `azureml://` address. */
  async upload(localPath: string): Promise<string> {
    const path = `LocalUpload/${await contentHash(localPath)}/${basename(localPath)}`;
    const uri = `azureml://datastores/${DEFAULT_DATASTORE}/paths/${path}`;
    const target = this.resolve(uri);
    if (!target.ok) throw new Error(target.message);
    if (!(await exists(target.path))) await copyWhole(localPath, target.path);
    return uri;
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
    return { ok: true, path: join(this.#options.storageFolder, ...segments) };
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Copies to a neighbour first, so that a copy that was cut short is never taken for a whole one. */
async function copyWhole(source: string, target: string): Promise<void> {
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(join(target, '..'), { recursive: true });
  await cp(source, partial, { recursive: true });
  await rename(partial, target);
}

async function contentHash(localPath: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesOf(localPath)) {
    hash.update(`${relative(localPath, file).split(sep).join('/')}\0`).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 32);
}

async function filesOf(localPath: string): Promise<readonly string[]> {
  if ((await stat(localPath)).isFile()) return [localPath];
  const entries = await readdir(localPath, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
