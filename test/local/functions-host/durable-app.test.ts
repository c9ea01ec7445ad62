/** A small Durable app on the host, with its state in Azurite, driven over HTTP as its users would. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type DevCertificates, ensureDevCertificates } from '../../../local/emulator/certificates.ts';
import { openProcessBook, type ProcessBook } from '../../../local/stack/processes/process-book.ts';
import { type RunningAzurite, startAzurite } from '../../../local/stack/processes/start-azurite.ts';
import { failToStart, fixture, type HostProcess, startHostProcess } from './host-process.ts';

interface Status {
  readonly runtimeStatus: string;
  readonly customStatus: unknown;
  readonly output: unknown;
}
interface CheckStatus {
  readonly id: string;
  readonly statusQueryGetUri: string;
  readonly sendEventPostUri: string;
  readonly terminatePostUri: string;
}

// Starts, kills and failing storage are real here and slow on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
const DEADLINE = { timeout: 15_000, interval: 50 };
let folder: string;
let tls: DevCertificates;
let book: ProcessBook;
let azurite: RunningAzurite;
let host: HostProcess;

function start(): Promise<HostProcess> {
  return startHostProcess(['--script-root', fixture('durable'), '--port', '0', '--rpc-port', '0'], environment());
}

function environment(): NodeJS.ProcessEnv {
  return { HUB_NAME: 'HostTest', AzureWebJobsStorage: azurite.connectionString, NODE_EXTRA_CA_CERTS: tls.caPath };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'functions-host-'));
  tls = await ensureDevCertificates(join(folder, 'tls'));
  book = openProcessBook(folder, () => undefined);
  azurite = await startAzurite({ tls, book, cwd: folder });
  host = await start();
});

afterAll(async () => {
  await host?.kill('SIGKILL');
  await azurite?.process.stop();
  book?.close();
  await rm(folder, { recursive: true });
});

async function startInstance(name: string, id: string, input: unknown): Promise<CheckStatus> {
  const answer = await fetch(`${host.url}/api/start/${name}/${id}`, { method: 'POST', body: JSON.stringify(input) });
  expect(answer.status).toBe(202);
  return (await answer.json()) as CheckStatus;
}

async function readStatus(uri: string): Promise<Status> {
  return (await (await fetch(uri)).json()) as Status;
}

test('an orchestration goes through activity, timer, event, entity and child to its end', async () => {
  const { id, statusQueryGetUri, sendEventPostUri } = await startInstance('journey', 'one', { value: 4 });
  expect(id).toBe('one');
  await expect
    .poll(async () => (await readStatus(statusQueryGetUri)).customStatus, DEADLINE)
    .toEqual({ waitingFor: 'Go' });
  const raised = await fetch(sendEventPostUri.replace('{eventName}', 'Go'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"by":5}',
  });
  expect(raised.status).toBe(202);
  await expect.poll(async () => (await readStatus(statusQueryGetUri)).runtimeStatus, DEADLINE).toBe('Completed');
  expect((await readStatus(statusQueryGetUri)).output).toEqual({ doubled: 8, total: 5, child: 17 });
});

test('an event raised through the app’s client reaches the instance', async () => {
  const { statusQueryGetUri } = await startInstance('journey', 'two', { value: 1 });
  const raised = await fetch(`${host.url}/api/raise/two/Go`, { method: 'POST', body: '{"by":1}' });
  expect(raised.status).toBe(202);
  await expect.poll(async () => (await readStatus(statusQueryGetUri)).runtimeStatus, DEADLINE).toBe('Completed');
});

test('a failing activity fails its orchestration with the text of the real extension', async () => {
  const { statusQueryGetUri } = await startInstance('failing', 'three', {});
  await expect.poll(async () => (await readStatus(statusQueryGetUri)).runtimeStatus, DEADLINE).toBe('Failed');
  expect((await readStatus(statusQueryGetUri)).output).toMatch(
    /^Orchestrator function 'failing' failed: Activity function 'refuse' failed: {2}the activity refused/,
  );
  expect(host.output()).toContain("Executed 'Functions.refuse' (Failed");
});

test('an unknown instance is 404 on the management API', async () => {
  const base = `${host.url}/runtime/webhooks/durabletask`;
  expect((await fetch(`${base}/instances/none`)).status).toBe(404);
  expect((await fetch(`${base}/instances/none/terminate?reason=x`, { method: 'POST' })).status).toBe(404);
});

test('functions without Durable bindings work beside, and an orchestrator is not run over the admin route', async () => {
  expect(await (await fetch(`${host.url}/api/plain`)).text()).toBe('no durable client here');
  const run = await fetch(`${host.url}/admin/functions/journey`, { method: 'POST', body: '{"input":"{}"}' });
  expect(run.status).toBe(400);
});

test('an instance goes on after the host was killed and started again', async () => {
  const { statusQueryGetUri } = await startInstance('journey', 'four', { value: 2 });
  await expect
    .poll(async () => (await readStatus(statusQueryGetUri)).customStatus, DEADLINE)
    .toEqual({ waitingFor: 'Go' });
  await host.kill('SIGKILL');
  host = await start();
  await fetch(`${host.url}/api/raise/four/Go`, { method: 'POST', body: '{"by":7}' });
  const uri = `${host.url}/runtime/webhooks/durabletask/instances/four`;
  await expect.poll(async () => (await readStatus(uri)).runtimeStatus, DEADLINE).toBe('Completed');
  expect((await readStatus(uri)).output).toEqual({ doubled: 4, total: 7, child: 9 });
});

test('a host with Durable functions stops with exit code 0', async () => {
  expect(await host.kill('SIGTERM')).toBe(0);
  host = await start();
});

test('storage that is down is a start failure that says so', async () => {
  const down = azurite.connectionString.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');
  const args = ['--script-root', fixture('durable'), '--port', '0', '--rpc-port', '0'];
  const { exitCode, output } = await failToStart(args, { ...environment(), AzureWebJobsStorage: down });
  expect(exitCode).toBe(1);
  expect(output).toContain('Durable Functions cannot start');
  expect(output).toContain('storage');
});
