/** Which blobs of a real Azurite raise BlobCreated, and how often. */
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { SystemEvent } from '../../../local/contracts/system-event.ts';
import { systemClock } from '../../../local/emulator/clock.ts';
import { startStorageEvents } from '../../../local/storage-events/start-storage-events.ts';
import { type AzuriteFixture, openAzurite } from '../../azurite-fixture.ts';

const SOURCE = '/subscriptions/s/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/slipwaylocal';
let azurite: AzuriteFixture;
let blobs: BlobServiceClient;
let raised: SystemEvent[];

beforeAll(async () => {
  azurite = await openAzurite();
  blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
});
afterAll(() => azurite.stop());
beforeEach(() => {
  raised = [];
});

function watchContainer(name: string, lookMs = 20) {
  const events = { raise: (event: SystemEvent) => void raised.push(event) };
  return startStorageEvents({ blobs, source: SOURCE, containers: [name], events, clock: systemClock, lookMs });
}

async function write(container: string, name: string, text: string): Promise<void> {
  await blobs.getContainerClient(container).getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
}

async function subjects(count: number): Promise<readonly string[]> {
  await vi.waitFor(() => expect(raised.length).toBeGreaterThanOrEqual(count), { timeout: 30_000 });
  return raised.map(({ subject }) => subject);
}

test('a blob written after the start is reported once, with its address and size', async () => {
  await blobs.getContainerClient('data').create();
  await write('data', 'flights/old.jsonl', '{}');
  const watching = await watchContainer('data');
  await write('data', 'flights/june.jsonl', '{"a":1}');
  expect(await subjects(1)).toEqual(['/blobServices/default/containers/data/blobs/flights/june.jsonl']);
  await write('data', 'flights/july.jsonl', '{}');
  expect(await subjects(2)).toHaveLength(2);
  expect(raised[0]).toMatchObject({
    source: SOURCE,
    type: 'Microsoft.Storage.BlobCreated',
    data: { api: 'PutBlob', contentLength: 7, url: `${azurite.blobUrl}/data/flights/june.jsonl` },
  });
  await watching.stop();
});

test('an overwritten blob is reported again', async () => {
  const watching = await watchContainer('changing');
  await blobs.getContainerClient('changing').create();
  await write('changing', 'rows.jsonl', '1');
  await subjects(1);
  await write('changing', 'rows.jsonl', '2');
  expect(await subjects(2)).toEqual(Array(2).fill('/blobServices/default/containers/changing/blobs/rows.jsonl'));
  await watching.stop();
});
