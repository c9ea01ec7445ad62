/** Counting and checking rows: JSON lines and CSV in Azurite by token, dirty files, bounds, and what may not be read. */
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowedBlob } from '../../../../src/adapters/storage/blob-address.ts';
import { formatOf } from '../../../../src/adapters/storage/row-reader.ts';
import { createTrainingData, type ReadLimits } from '../../../../src/adapters/storage/training-data.ts';
import type { ColumnType } from '../../../../src/ports/training-data.ts';
import { type AzuriteFixture, openAzurite } from '../../../azurite-fixture.ts';
import { testCredential } from '../token-credential.ts';

let azurite: AzuriteFixture;

beforeAll(async () => {
  azurite = await openAzurite();
  await container().createIfNotExists();
});
afterAll(() => azurite.stop());

const container = () => new BlobServiceClient(azurite.blobUrl, testCredential).getContainerClient('data');

async function put(path: string, text: string): Promise<string> {
  await container().getBlockBlobClient(path).upload(text, Buffer.byteLength(text));
  return `${azurite.blobUrl}/data/${path}`;
}

function inspect(
  blobUrl: string,
  columns: Record<string, ColumnType>,
  kind: 'file' | 'folder' = 'file',
  limits: ReadLimits = {},
) {
  return createTrainingData([azurite.blobUrl], testCredential, limits).inspect({ blobUrl, kind, columns });
}

const lines = (...rows: unknown[]) =>
  rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');

describe('JSON lines', () => {
  test('are counted with their nulls and wrong types, by column', async () => {
    const url = await put(
      'flights/rows.jsonl',
      lines(
        { carrier: 'UA', distance: 1400, late: true, at: '2013-07-01T05:00:00Z', hour: 5 },
        { carrier: null, distance: '1400', late: 1, at: 'yesterday', hour: 5.5 },
        { distance: null, late: false, at: '2013-07-01', hour: 6 },
        '{broken',
        '',
        '[1, 2]',
      ),
    );
    const columns = {
      carrier: 'string',
      distance: 'number',
      late: 'boolean',
      at: 'datetime',
      hour: 'integer',
      gone: 'string',
    } as const;
    expect(await inspect(url, columns)).toEqual({
      ok: true,
      report: {
        files: 1,
        bytes: expect.any(Number),
        rows: 5,
        malformedRows: 2,
        complete: true,
        columns: {
          carrier: { present: true, nulls: 2, typeErrors: 0 },
          distance: { present: true, nulls: 1, typeErrors: 1 },
          late: { present: true, nulls: 0, typeErrors: 1 },
          at: { present: true, nulls: 0, typeErrors: 1 },
          hour: { present: true, nulls: 0, typeErrors: 1 },
          gone: { present: false, nulls: 3, typeErrors: 0 },
        },
      },
    });
  });

  test('whose columns have the names of object members are no trap', async () => {
    const url = await put('odd.jsonl', lines({ a: 1 }, '{"__proto__": {"b": 1}, "a": 2}'));
    const columns = { a: 'number', b: 'number', constructor: 'string', toString: 'string' } as Record<
      string,
      ColumnType
    >;
    expect(await inspect(url, columns)).toMatchObject({
      report: { columns: { b: { present: false, nulls: 2 }, constructor: { present: false, nulls: 2 } } },
    });
  });
});

describe('CSV', () => {
  test('with a header is read with its quotes, and its texts are checked as values', async () => {
    const url = await put(
      'flights/rows.csv',
      '\uFEFFcarrier,distance,note\r\nUA,1400,"says ""hi"",\nand more"\r\n,NA,x\r\nDL,far,y\r\ntoo,few\r\nAA,1e3,z\r\n',
    );
    expect(await inspect(url, { carrier: 'string', distance: 'number' })).toMatchObject({
      report: {
        rows: 5,
        malformedRows: 1,
        columns: { carrier: { nulls: 1, typeErrors: 0 }, distance: { nulls: 1, typeErrors: 1 } },
      },
    });
  });
});

describe('a folder', () => {
  test('is read file by file; what is no data is passed over', async () => {
    for (const [name, text] of [
      ['2013/07/a.jsonl', lines({ a: 1 }, { a: 2 })],
      ['2013/08/b.jsonl', lines({ a: 3 })],
      ['_SUCCESS', ''],
    ] as const) {
      await put(`many/${name}`, text);
    }
    await put('many-others/c.jsonl', lines({ a: 4 }));
    const expected = { ok: true, report: { files: 2, rows: 3, columns: { a: { nulls: 0 } } } };
    expect(await inspect(`${azurite.blobUrl}/data/many`, { a: 'number' }, 'folder')).toMatchObject(expected);
    expect(await inspect(`${azurite.blobUrl}/data/many/`, { a: 'number' }, 'folder')).toMatchObject(expected);
  });

  test('of two forms, or without data, is refused', async () => {
    await put('mixed/a.csv', 'a\n1\n');
    await put('mixed/b.jsonl', lines({ a: 1 }));
    expect(await inspect(`${azurite.blobUrl}/data/mixed`, {}, 'folder')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('keep to one'),
    });
    expect(await inspect(`${azurite.blobUrl}/data/nothing`, {}, 'folder')).toMatchObject({ ok: false });
  });
});

describe('what lies beyond a bound', () => {
  test.each([
    ['rows', { maxRows: 2 }],
    ['bytes', { maxBytes: 20 }],
    ['files', { maxFiles: 1 }],
  ])('is not read, and the report says so (%s)', async (_what, limits) => {
    await put('bounded/a.jsonl', lines({ a: 1 }, { a: 2 }, { a: 3 }));
    await put('bounded/b.jsonl', lines({ a: 1 }));
    const result = await inspect(`${azurite.blobUrl}/data/bounded`, { a: 'number' }, 'folder', limits);
    expect(result).toMatchObject({ ok: true, report: { complete: false } });
    expect(result.ok && result.report.rows).toBeLessThan(4);
  });
});

describe('a blob', () => {
  test('that is not there, or is of no known form, is a reason and no exception', async () => {
    expect(await inspect(`${azurite.blobUrl}/data/absent.jsonl`, {})).toMatchObject({
      ok: false,
      reason: expect.stringContaining('nothing at'),
    });
    expect(await inspect(`${azurite.blobUrl}/absent/x.jsonl`, {})).toMatchObject({ ok: false });
    expect(await inspect(await put('x.parquet', 'PAR1'), {})).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no JSON lines'),
    });
  });

  test.each([
    'https://evil.example/data/x.jsonl',
    'https://account.blob.core.windows.net.evil.example/data/x.jsonl',
    'https://account.blob.core.windows.net:8443/data/x.jsonl',
    'https://user:pass@account.blob.core.windows.net/data/x.jsonl',
    'http://account.blob.core.windows.net/data/x.jsonl',
    'https://account.blob.core.windows.net/data',
    'https://169.254.169.254/data/x.jsonl',
    'azureml://datastores/d/paths/x.jsonl',
  ])('%s gets no token of ours', async (url) => {
    expect(await inspect(url, {})).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no blob that this app may read'),
    });
  });

  test('of Azure may be read wherever its account is', () => {
    expect(allowedBlob('https://account.blob.core.windows.net/data/a%20b/x.jsonl', [])).toEqual({
      containerUrl: 'https://account.blob.core.windows.net/data',
      path: 'a b/x.jsonl',
    });
  });
});

test('a source that breaks off is an error, never the end of the data', async () => {
  async function* broken() {
    yield Buffer.from('a\n1\n{"a":1}\n');
    throw new Error('The connection broke.');
  }
  for (const name of ['x.csv', 'x.jsonl']) {
    const read = async () => {
      for await (const _row of formatOf(name)?.rows(broken()) ?? []);
    };
    await expect(read()).rejects.toThrow('broke');
  }
});

test('characters that are cut by the end of a chunk, and a line without its end, are read whole', async () => {
  const bytes = Buffer.from('{"a":"né"}\n{"a":"ö"}');
  async function* single() {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
  const rows: unknown[] = [];
  for await (const row of formatOf('x.jsonl')?.rows(single()) ?? []) rows.push(row);
  expect(rows).toEqual([{ a: 'né' }, { a: 'ö' }]);
});
