/** What the demo's clients send, and when that changes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Clients, createClients } from '../../../demo/stories/clients.ts';
import type { ReplayRow } from '../../../local/traffic/replay-rows.ts';

let folder: string;
let sent: (readonly ReplayRow[])[];
let said: string[];
let clients: Clients;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clients-'));
  for (const [name, carrier] of [
    ['summer', 'UA'],
    ['winter', 'B6'],
  ]) {
    await writeFile(join(folder, `${name}.jsonl`), `${JSON.stringify({ features: { carrier }, label: 40 })}\n`);
  }
  sent = [];
  said = [];
  clients = createClients({
    traffic: { replay: (rows) => sent.push(rows) },
    pathOf: (name) => join(folder, `${name}.jsonl`),
    first: 'summer',
    say: (text) => said.push(text),
  });
});
afterEach(() => rm(folder, { recursive: true }));

const carriers = () => sent.map((rows) => rows.map(({ features }) => features.carrier));

test('rows that are sent already are not begun anew', async () => {
  await clients.send('summer');
  expect(sent).toEqual([]);
  await clients.send('winter');
  await clients.send('winter');
  expect(carriers()).toEqual([['B6']]);
  expect(said).toEqual(['Clients now send winter.jsonl']);
});

test('changed rows are those of now, and sending them unchanged again is a change', async () => {
  await clients.send('winter');
  await clients.change('A storm', (row) => ({ ...row, features: { ...row.features, carrier: null } }));
  await clients.send('winter');
  expect(carriers()).toEqual([['B6'], [null], ['B6']]);
  expect(said[1]).toBe('A storm');
});
