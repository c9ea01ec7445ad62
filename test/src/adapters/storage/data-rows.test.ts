/** Rows of data sets and of the data collector in Azurite, by token: the window, dirty lines, bounds, and what may not be read. */
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataRows, type RowLimits } from '../../../../src/adapters/storage/data-rows.ts';
import type { DeploymentName, EndpointName } from '../../../../src/domain/ids/names.ts';
import { type AzuriteFixture, openAzurite } from '../../../azurite-fixture.ts';
import { testCredential } from '../token-credential.ts';

let azurite: AzuriteFixture;

beforeAll(async () => {
  azurite = await openAzurite();
  await container().createIfNotExists();
});
afterAll(() => azurite.stop());

const container = () => new BlobServiceClient(azurite.blobUrl, testCredential).getContainerClient('rows');
const urlOf = (path: string) => `${azurite.blobUrl}/rows/${path}`;
const open = (limits: RowLimits = {}) => createDataRows([azurite.blobUrl], testCredential, limits);

async function put(path: string, text: string): Promise<void> {
  await container().getBlockBlobClient(path).upload(text, Buffer.byteLength(text));
}

async function all<Row>(rows: AsyncIterable<Row>): Promise<readonly Row[]> {
  const found: Row[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

function uncut(): void {
  throw new Error('Rows were left out.');
}

describe('a data set', () => {
  test('is read from one file, unreadable lines passed over', async () => {
    await put('one/rows.jsonl', '{"a":1}\nnot json\n{"a":2}');
    expect(await all(open().readDataset(urlOf('one/rows.jsonl'), 'file', uncut))).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test('is read from the files of a folder, and from no other folder of a similar name', async () => {
    await put('two/a.csv', 'a,b\n1,x\n');
    await put('two/deep/b.csv', 'a,b\n2,y\n');
    await put('two/_SUCCESS', '');
    await put('two-old/c.csv', 'a,b\n3,z\n');
    expect(await all(open().readDataset(urlOf('two/'), 'folder', uncut))).toEqual([
      { a: '1', b: 'x' },
      { a: '2', b: 'y' },
    ]);
  });

  test('larger than the bound is read up to it, and ends with a whole row', async () => {
    const line = `${JSON.stringify({ a: 1, filler: 'x'.repeat(1000) })}\n`;
    const cuts: string[] = [];
    await put('large/a.jsonl', line.repeat(500));
    await put('large/b.jsonl', line.repeat(500));
    const rows = await all(
      open({ maxBytes: 200_000 }).readDataset(urlOf('large'), 'folder', () => void cuts.push('cut')),
    );
    expect(cuts.length).toBeGreaterThan(0);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThanOrEqual(500);
    expect(rows.every(({ filler }) => String(filler).length === 1000)).toBe(true);
  });

  test('that is not there has no rows as a folder, and is an error as a file', async () => {
    expect(await all(open().readDataset(urlOf('nowhere/'), 'folder', uncut))).toEqual([]);
    await expect(all(open().readDataset(urlOf('nowhere.csv'), 'file', uncut))).rejects.toThrow();
  });

  test('is read line by line where each counts: what cannot be read keeps its place', async () => {
    await put('lines/rows.jsonl', '{"a":1}\n{"a":NaN}\n[2]\n\n{"a":3}\n');
    const lines = [];
    for await (const line of open().readLines(urlOf('lines/rows.jsonl'), uncut)) lines.push(line);
    expect(lines).toEqual([{ a: 1 }, null, null, { a: 3 }]);
    for await (const line of open().readLines(urlOf('lines/absent.jsonl'), uncut)) lines.push(line);
    expect(lines).toHaveLength(4);
  });

  test('elsewhere is not read: the token of the app goes to known storage only', async () => {
    const read = all(open().readDataset('https://evil.example/rows/a.csv', 'file', uncut));
    await expect(read).rejects.toThrow('is no blob that this app may read');
  });
});

describe('collected data', () => {
  const DAY = Date.UTC(2026, 2, 1);
  const hour = (hours: number) => DAY + hours * 3_600_000;
  const window = {
    endpoint: 'flights' as EndpointName,
    deployment: 'air-time-1' as DeploymentName,
    collection: 'model_inputs',
    fromMs: hour(10),
    untilMs: hour(12),
  };

  /** A file as the collector writes it: in the folder of the hour, one CloudEvent per line. */
  async function collect(
    writtenHour: number,
    deployment: string,
    ...events: readonly [hours: number, rows: unknown][]
  ) {
    const folderOfHour = new Date(hour(writtenHour)).toISOString().slice(0, 13).replace(/[-T]/g, '/');
    const lines = events.map(([at, data]) =>
      JSON.stringify({ specversion: '1.0', time: new Date(hour(at)).toISOString(), correlationid: `at ${at}`, data }),
    );
    await put(
      `collected/flights/${deployment}/model_inputs/${folderOfHour}/part-${writtenHour}.jsonl`,
      lines.join('\n'),
    );
  }

  test('is read within the window only, from files of its hours, request by request', async () => {
    await collect(9, 'air-time-1', [9.9, [{ n: 'before' }]]);
    await collect(10, 'air-time-1', [10, [{ n: 1 }, { n: 2 }]], [10.5, 'no rows'], [10.6, [{ n: 3 }]]);
    // Written in the hour after the request: the buffer was flushed late.
    await collect(12, 'air-time-1', [11.99, [{ n: 4 }]], [12, [{ n: 'after' }]]);
    await collect(11, 'air-time-2', [11, [{ n: 'of another deployment' }]]);
    await put('collected/flights/air-time-1/model_inputs/readme.jsonl', '{"n":"stray"}');
    const rows = await all(open().readCollected(urlOf('collected/'), window, uncut));
    expect(rows.map(({ row }) => row)).toEqual([{ n: 4 }, { n: 1 }, { n: 2 }, { n: 3 }]);
    expect(rows[1]).toEqual({ atMs: hour(10), correlationId: 'at 10', row: { n: 1 } });
  });

  test('of a deployment that collected nothing is empty', async () => {
    const other = { ...window, deployment: 'silent-1' as DeploymentName };
    expect(await all(open().readCollected(urlOf('collected/'), other, uncut))).toEqual([]);
  });

  test('that was last written before the window is not opened', async () => {
    const fromMs = Date.now() + 600_000;
    const inHours = (ms: number) => (ms - DAY) / 3_600_000;
    await collect(inHours(fromMs), 'air-time-3', [inHours(fromMs) + 0.01, [{ n: 1 }]]);
    const later = { ...window, deployment: 'air-time-3' as DeploymentName, untilMs: fromMs + 300_000 };
    const read = (from: number) => all(open().readCollected(urlOf('collected/'), { ...later, fromMs: from }, uncut));
    expect(await read(fromMs)).toEqual([]);
    expect(await read(fromMs - 600_000)).toHaveLength(1);
  });
});

describe('what arrived', () => {
  const arrival = (hours: number) => Date.UTC(2026, 2, 1) + hours * 3_600_000;

  test('is read from the folders of the hours, and no others', async () => {
    await put('outcomes/2026/03/01/08/a.jsonl', '{"id":"early"}');
    await put('outcomes/2026/03/01/10/a.jsonl', '{"id":1}\n{"id":2}');
    await put('outcomes/2026/03/01/11/b.csv', 'id,landed\n3,true\n');
    await put('outcomes/2026/03/01/14/c.jsonl', '{"id":"late"}');
    await put('outcomes/notes.jsonl', '{"id":"stray"}');
    const window = { fromMs: arrival(10), untilMs: arrival(12) };
    const rows = await all(open().readArrived(urlOf('outcomes/'), window, uncut));
    expect(rows).toEqual([{ id: '3', landed: 'true' }, { id: 1 }, { id: 2 }]);
  });
});
