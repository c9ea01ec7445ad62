/** Writes dead letters with the storage SDK; a missing container is an answer, any other failure is thrown. */
import { type BlobServiceClient, RestError } from '@azure/storage-blob';
import type { DeadLetterWriter } from './dead-letter.ts';

/** `accountOf` gives the client of a storage account by its lower-case name, undefined for an unknown one. */
export function createBlobDeadLetterWriter(
  accountOf: (accountName: string) => BlobServiceClient | undefined,
): DeadLetterWriter {
  return async (destination, blobName, json) => {
    const { resourceId, blobContainerName } = destination.properties;
    const account = accountOf(resourceId.slice(resourceId.lastIndexOf('/') + 1).toLowerCase());
    if (!account) return 'not-found';
    const blob = account.getContainerClient(blobContainerName).getBlockBlobClient(blobName);
    try {
      await blob.upload(json, Buffer.byteLength(json), { blobHTTPHeaders: { blobContentType: 'application/json' } });
      return 'written';
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return 'not-found';
      throw error;
    }
  };
}
