/** Azurite as the stack starts it: token access of the real storage clients, dead letters, leftovers of a crash. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevCertificates, ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { systemClock } from '../../../../local/emulator/clock.ts';
import { createBlobDeadLetterWriter } from '../../../../local/event-grid/blob-dead-letter-writer.ts';
import { startIdentity } from '../../../../local/identity/start-identity.ts';
import { openProcessBook, type ProcessBook } from '../../../../local/stack/processes/process-book.ts';
import { processIdentity } from '../../../../local/stack/processes/process-identity.ts';
import { type RunningAzurite, startAzurite } from '../../../../local/stack/processes/start-azurite.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';

const run = promisify(execFile);
let folder: string;
let tls: DevCertificates;
let book: ProcessBook;
let azurite: RunningAzurite;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azurite-'));
  tls = await ensureDevCertificates(join(folder, 'tls'));
  book = openProcessBook(folder, () => {});
  azurite = await startAzurite({ tls, book, cwd: folder });
  trustDevCa(tls.ca);
});
afterAll(async () => {
  await azurite.process.stop();
  book.close();
  await rm(folder, { recursive: true });
});

test('blobs, queues and tables take the token of DefaultAzureCredential', async () => {
  const principal = {
    tenantId: '00000000-0000-4000-8000-00000000000a',
    objectId: '00000000-0000-4000-8000-00000000000b',
    clientId: '00000000-0000-4000-8000-00000000000c',
  };
  const identity = await startIdentity({ port: 0, clock: systemClock, principal });
  const script = join(import.meta.dirname, 'use-storage-by-token.ts');
  const { stdout } = await run(process.execPath, [script, azurite.blobUrl, azurite.queueUrl, azurite.tableUrl], {
    env: {
      PATH: process.env.PATH,
      IDENTITY_ENDPOINT: identity.endpoint,
      IDENTITY_HEADER: identity.header,
      NODE_EXTRA_CA_CERTS: tls.caPath,
    },
    timeout: 15_000,
  });
  expect(JSON.parse(stdout)).toEqual(['blob text', 'queue text', 'table text']);
  await identity.stop();
});

test('a dead letter is written into an existing container and refused by name for a missing one', async () => {
  const account = BlobServiceClient.fromConnectionString(azurite.connectionString);
  await account.getContainerClient('dead-letters').create();
  const write = createBlobDeadLetterWriter((name) => (name === azurite.accountName ? account : undefined));
  const to = (accountName: string, blobContainerName: string) => ({
    endpointType: 'StorageBlob' as const,
    properties: { resourceId: `/subscriptions/s/x/storageAccounts/${accountName}`, blobContainerName },
  });
  expect(await write(to('SlipwayLocal', 'dead-letters'), 'SUB/2026/1/1/0/a.json', '[1]')).toBe('written');
  expect(await write(to('slipwaylocal', 'missing'), 'a.json', '[]')).toBe('not-found');
  expect(await write(to('foreign', 'dead-letters'), 'a.json', '[]')).toBe('not-found');
  const blob = account.getContainerClient('dead-letters').getBlobClient('SUB/2026/1/1/0/a.json');
  expect((await blob.downloadToBuffer()).toString()).toBe('[1]');
});

test('a second stack in the same folder is refused while the first one runs', async () => {
  const path = join(folder, 'stack.pid.json');
  const saved = await readFile(path, 'utf8');
  const parent = { name: 'stack', pid: process.ppid, identity: processIdentity(process.ppid) };
  await writeFile(path, JSON.stringify({ stack: parent, children: [] }));
  expect(() => openProcessBook(folder, () => {})).toThrow(`process ${process.ppid}`);
  await writeFile(path, saved);
});

test('what a crashed stack left running is killed, a foreign process with its number is not', async () => {
  const crashed = await mkdtemp(join(tmpdir(), 'crashed-'));
  const left = await startAzurite({ tls, book, cwd: crashed });
  const children = [
    { name: 'azurite', pid: left.process.pid, identity: processIdentity(left.process.pid) },
    { name: 'foreign', pid: azurite.process.pid, identity: 'another start time and command line' },
  ];
  const gone = { name: 'stack', pid: 2 ** 22 - 1, identity: 'long gone' };
  await writeFile(join(crashed, 'stack.pid.json'), JSON.stringify({ stack: gone, children }));
  const lines: string[] = [];
  const next = openProcessBook(crashed, (line) => lines.push(line));
  expect(await left.process.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(azurite.process.isRunning()).toBe(true);
  expect(lines).toEqual([expect.stringContaining(`azurite (process ${left.process.pid})`)]);
  next.close();
  await rm(crashed, { recursive: true });
});

test('a storage location keeps its data over a restart, under the same account name with a new key', async () => {
  const location = join(folder, 'kept');
  const first = await startAzurite({ tls, book, cwd: folder, location });
  await BlobServiceClient.fromConnectionString(first.connectionString).getContainerClient('kept').create();
  await first.process.stop();
  const second = await startAzurite({ tls, book, cwd: folder, location });
  const container = BlobServiceClient.fromConnectionString(second.connectionString).getContainerClient('kept');
  expect(await container.exists()).toBe(true);
  expect(second.accountKey).not.toBe(first.accountKey);
  await second.process.stop();
});
