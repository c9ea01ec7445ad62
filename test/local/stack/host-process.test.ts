/** The host as a process of the stack: readiness, a kill and a restart on the same port, a start that fails. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HostOptions, startHost } from '../../../local/stack/host-process.ts';
import { freePorts } from '../../../local/stack/processes/free-port.ts';
import { openProcessBook, type ProcessBook } from '../../../local/stack/processes/process-book.ts';

let folder: string;
let book: ProcessBook;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-process-'));
  book = openProcessBook(folder, () => {});
});
afterEach(async () => {
  book.close();
  await rm(folder, { recursive: true });
});

async function optionsFor(scriptRoot: string): Promise<HostOptions> {
  const [port = 0, rpcPort = 0] = await freePorts(2);
  const settings = { SLIPWAY_BLOBS_ENDPOINT: 'https://127.0.0.1:1/none' };
  return { scriptRoot, port, rpcPort, settings, logFolder: join(folder, 'logs'), book };
}

test('a killed host is started again on the same port and its output is kept', async () => {
  const host = await startHost(await optionsFor(join(import.meta.dirname, 'fixtures', 'app')));
  const state = async () => (await fetch(`${host.url}/admin/host/status`)).status;
  expect(await state()).toBe(200);
  await host.kill('SIGKILL');
  expect(host.isRunning()).toBe(false);
  await expect(state()).rejects.toThrow();
  await host.restart();
  expect(await state()).toBe(200);
  await host.stop();
  expect(host.isRunning()).toBe(false);
  const output = await readFile(host.logPath, 'utf8');
  expect(output.match(/Host ready on/g)).toHaveLength(2);
});

test('an app that cannot start fails the start with its own message', async () => {
  await writeFile(join(folder, 'package.json'), '{"main":"missing.cjs"}');
  await writeFile(join(folder, 'host.json'), '{"version":"2.0"}');
  await expect(startHost(await optionsFor(folder))).rejects.toThrow(/ended while it started[\s\S]*missing\.cjs/);
});
