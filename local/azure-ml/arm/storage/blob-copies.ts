/**
 * Copies files between folders of this machine and the workspace's blob storage (Azurite).
 *
 * 1. A folder is the blobs below `<path>/`; a blob of exactly that path is a file.
 * 2. What is fetched never lies outside the target folder, and is bounded in number of files and bytes.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import { filesOf } from './local-files.ts';

const MAX_FILES = 10_000;
const MAX_BYTES = 2 * 1024 ** 3;

export interface BlobPlace {
  readonly container: string;
  /** Without a slash at either end. */
  readonly blobPath: string;
}

/** Stores a file, or every file of a folder, replacing blobs of the same names. */
export async function putBlobs(blobs: BlobServiceClient, localPath: string, place: BlobPlace): Promise<void> {
  const container = blobs.getContainerClient(place.container);
  await container.createIfNotExists();
  for (const file of await filesOf(localPath)) {
    const inside = relative(localPath, file).split(sep).join('/');
    const name = inside === '' ? place.blobPath : `${place.blobPath}/${inside}`;
    await container.getBlockBlobClient(name).uploadFile(file);
  }
}

/** Writes the blob, or the folder of blobs, to `target`; false when nothing is stored there. */
export async function takeBlobs(blobs: BlobServiceClient, place: BlobPlace, target: string): Promise<boolean> {
  const container = blobs.getContainerClient(place.container);
  if (!(await container.exists())) return false;
  const single = container.getBlockBlobClient(place.blobPath);
  if (await single.exists()) {
    await download(container, place.blobPath, target);
    return true;
  }
  return takeFolder(container, `${place.blobPath}/`, target);
}

async function takeFolder(container: ContainerClient, prefix: string, target: string): Promise<boolean> {
  let files = 0;
  let bytes = 0;
  for await (const blob of container.listBlobsFlat({ prefix })) {
    files += 1;
    bytes += blob.properties.contentLength ?? 0;
    if (files > MAX_FILES || bytes > MAX_BYTES) {
      throw new Error(`${prefix} holds more than ${MAX_FILES} files or ${MAX_BYTES} bytes; narrow the path.`);
    }
    const segments = blob.name.slice(prefix.length).split('/');
    if (segments.some((segment) => segment === '..' || segment.includes('\0'))) continue;
    await download(container, blob.name, join(target, ...segments));
  }
  return files > 0;
}

async function download(container: ContainerClient, name: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await container.getBlockBlobClient(name).downloadToFile(target);
}
