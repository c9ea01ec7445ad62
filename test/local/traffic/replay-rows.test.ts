/** Reading the file of rows. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readReplayRows } from '../../../local/traffic/replay-rows.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
  const file = join(folder, 'rows.jsonl');
  await writeFile(file, text);
  return readReplayRows(file);
}

test('each line is a row', async () => {
  const text = '{"features":{"carrier":"UA","temp":null},"label":101.5}\n{"features":{},"label":3}\n';
  expect(await read(text)).toEqual([
    { features: { carrier: 'UA', temp: null }, label: 101.5 },
    { features: {}, label: 3 },
  ]);
});

test.each([
  ['a line that is no JSON', '{"features":{},"label":1}\nx\n', /rows\.jsonl:2 is not JSON/],
  ['a row without its label', '{"features":{}}\n', /rows\.jsonl:1 is no row: label/],
  ['an empty file', '', /0 rows/],
])('%s is refused with its place', async (_case, text, message) => {
  await expect(read(text)).rejects.toThrow(message);
});

test('a missing file says how to make it', async () => {
  await expect(readReplayRows(join(folder, 'absent.jsonl'))).rejects.toThrow(/npm run setup/);
});
