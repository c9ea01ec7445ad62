import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BlobLines } from '../../../../local/azure-ml/collection/blob-lines.ts';
import { CONTAINER, collectionOf, NOW_MS, type Storage, startStorage, startTestSidecar } from './collection-fixture.ts';

/** Nobody listens there, and one try is enough. */
const NOWHERE = 'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:1/a;';
const FOLDER = 'modelDataCollector/flights';

let storage: Storage;

beforeAll(async () => {
  storage = await startStorage();
}, 60_000);
afterAll(() => storage?.stop());

const unreachable = () => BlobServiceClient.fromConnectionString(NOWHERE, { retryOptions: { maxTries: 1 } });
const rowsIn = (text: string | undefined) =>
  (text ?? '')
    .trim()
    .split('\n')
    .flatMap((line) => JSON.parse(line).data);

describe('a sidecar', () => {
  test('appends what it took, a second later, to the file of the hour of the event', async () => {
    const { sidecar, send, counts } = await startTestSidecar(storage.blobs, collectionOf('hours'));
    expect(await send('[{"a":1}]')).toBe(200);
    expect(await send('[{"a":2},{"a":3}]')).toBe(200);
    expect(await send('[{"a":4}]', { 'ce-time': String(NOW_MS / 1000 - 3600) })).toBe(200);
    expect(await storage.read(`${FOLDER}/hours`)).toEqual({});
    await sidecar.flush();
    expect(await send('[{"a":5}]')).toBe(200);
    await sidecar.stop();
    const files = Object.entries(await storage.read(`${FOLDER}/hours`));
    expect(files.map(([path, text]) => [path.split('/').slice(4, 8).join('/'), rowsIn(text)])).toEqual([
      ['2026/01/01/11', [{ a: 4 }]],
      ['2026/01/01/12', [{ a: 1 }, { a: 2 }, { a: 3 }, { a: 5 }]],
    ]);
    expect(files.every(([path]) => /\/[0-9a-f-]{36}\.jsonl$/.test(path))).toBe(true);
    expect(counts.list()).toMatchObject([{ collection: 'model_inputs', events: 4, stored: 4, errors: {} }]);
  });

  test('writes by itself when its time has come', async () => {
    const { clock, send, counts, sidecar } = await startTestSidecar(storage.blobs, collectionOf('timed'));
    await send('[{"a":1}]');
    await clock.advance(999);
    expect(counts.list()[0]?.stored).toBe(0);
    await clock.advance(1);
    await sidecar.flush();
    expect(counts.list()[0]?.stored).toBe(1);
    expect(Object.values(await storage.read(`${FOLDER}/timed`)).flatMap(rowsIn)).toEqual([{ a: 1 }]);
    await sidecar.stop();
  });

  test('refuses what is not enabled, too long or malformed, and counts it', async () => {
    const { sidecar, send, counts } = await startTestSidecar(storage.blobs, collectionOf('refusing'));
    expect(await send('[]', { 'ce-type': 'azureml.inference.model_outputs' })).toBe(400);
    expect(await send('no json')).toBe(400);
    expect(await send(`["${'x'.repeat(1024 * 1024)}"]`)).toBe(413);
    expect((await fetch(`http://127.0.0.1:${sidecar.port}/other`)).status).toBe(404);
    await sidecar.stop();
    expect(await storage.read(`${FOLDER}/refusing`)).toEqual({});
    expect(Object.keys(counts.list()[0]?.errors ?? {})).toHaveLength(3);
  });

  test('answers at once while blob storage is away, refuses beyond its bound, and tells at the end what is lost', async () => {
    const { sidecar, send, counts, logged } = await startTestSidecar(unreachable(), collectionOf('away'), 800);
    expect(await send('[{"a":1}]')).toBe(200);
    await expect(sidecar.flush()).rejects.toThrow();
    expect(await send('[{"a":2}]')).toBe(200);
    expect(await send('[{"a":3}]')).toBe(429);
    await sidecar.stop();
    const [count] = counts.list();
    expect([count?.events, count?.stored, count?.errors['lost at stop']]).toEqual([2, 0, 2]);
    expect(logged[0]).toContain('could not be written yet');
  });
});

test('lines that failed to be written come first in the next flush', async () => {
  const lines = new BlobLines({ blobs: storage.blobs, maxBufferedBytes: 1_000 });
  const path = 'order/file.jsonl';
  const asBlock = storage.blobs.getContainerClient(CONTAINER).getBlockBlobClient(path);
  // A blob of another kind under the same name: appending to it fails until it is gone.
  await asBlock.upload('x', 1);
  lines.add(CONTAINER, path, 'first\n');
  await expect(lines.flush()).rejects.toThrow();
  lines.add(CONTAINER, path, 'second\n');
  await asBlock.delete();
  expect(lines.bufferedBytes).toBe(13);
  await storage.blobs.getContainerClient(CONTAINER).getAppendBlobClient(path).createIfNotExists();
  await lines.flush();
  expect(await storage.read('order')).toEqual({ [path]: 'first\nsecond\n' });
  expect(lines.bufferedBytes).toBe(0);
});

test('many lines are appended in blocks that Azure takes', async () => {
  const lines = new BlobLines({ blobs: storage.blobs, maxBufferedBytes: 20 * 1024 * 1024 });
  const line = `${'x'.repeat(700_000)}\n`;
  for (let count = 0; count < 8; count += 1) expect(lines.add(CONTAINER, 'large/file.jsonl', line)).toBe(true);
  await lines.flush();
  expect((await storage.read('large'))['large/file.jsonl']?.length).toBe(8 * line.length);
});
