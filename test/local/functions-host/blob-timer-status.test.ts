/** Timer status in the app's storage account: what one host wrote, the next one reads. */
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTimerStatus } from '../../../local/functions-host/triggers/blob-timer-status.ts';
import { type AzuriteFixture, openAzurite } from '../../azurite-fixture.ts';

let azurite: AzuriteFixture;
const log: string[] = [];

function open(connection: string, scriptRoot = '/app') {
  return createTimerStatus({ AzureWebJobsStorage: connection }, scriptRoot, (_level, message) => log.push(message));
}

beforeAll(async () => {
  azurite = await openAzurite();
});

afterAll(() => azurite?.stop());

test('a status is read back by the next host of the same app, and not by another app', async () => {
  const status = { lastMs: 1_000, nextMs: 3_601_000, updatedMs: 1_500 };
  await open(azurite.connectionString).write('watchdog', status);
  expect(await open(azurite.connectionString).read('watchdog')).toEqual(status);
  expect(await open(azurite.connectionString, '/other').read('watchdog')).toBeUndefined();
});

test('a timer that never ran stays one that never ran', async () => {
  const status = { lastMs: undefined, nextMs: 5_000, updatedMs: 4_000 };
  await open(azurite.connectionString).write('new', status);
  expect(await open(azurite.connectionString).read('new')).toEqual(status);
});

test('a damaged blob counts as no status and is reported', async () => {
  const settings = { AzureWebJobsStorage: azurite.connectionString, WEBSITE_SITE_NAME: 'Site' };
  const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
    'azure-webjobs-hosts',
  );
  await container.createIfNotExists();
  await container.getBlockBlobClient('timers/site/Host.Functions.damaged/status').upload('{"Last":5}', 10);
  const store = createTimerStatus(settings, '/app', (_level, message) => log.push(message));
  expect(await store.read('damaged')).toBeUndefined();
  expect(log.join('\n')).toContain('Could not read the status of timer damaged');
});

test('without reachable storage reading and writing only warn', async () => {
  const store = open(azurite.connectionString.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1'));
  await store.write('lost', { lastMs: undefined, nextMs: 1, updatedMs: 1 });
  expect(await store.read('lost')).toBeUndefined();
  expect(log.join('\n')).toContain('Could not write the status of timer lost');
});
