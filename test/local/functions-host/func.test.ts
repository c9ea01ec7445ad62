/** The executable `func`, called as Functions Core Tools is. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { fixture } from './host-process.ts';

const FUNC = fileURLToPath(new URL('../../../local/functions-host/bin/func', import.meta.url));
const WITHIN = { timeout: 15_000, interval: 30 };
const running: ChildProcess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
  }
});

interface Ended {
  readonly code: number;
  readonly output: string;
}

function run(args: readonly string[], cwd: string, command = FUNC): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(command, [...args], { cwd }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}

function start(args: readonly string[], cwd: string): { url: () => string | undefined } {
  const child = spawn(FUNC, [...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { url: () => /Host ready on (\S+)/.exec(text)?.[1] };
}

test.each([[['start']], [['host', 'start']]])('%j runs the app of the current folder', async (command) => {
  const host = start([...command, '--port', '0', '--no-build'], fixture('stream'));
  await expect.poll(host.url, WITHIN).toMatch(/^http/);
  const status = await fetch(`${host.url()}/admin/host/status`);
  expect(await status.json()).toMatchObject({ state: 'Running', version: expect.stringMatching(/^4\./) });
});

test('--functions serves only the named ones', async () => {
  const host = start(['start', '-p', '0', '--functions', 'one'], fixture('esm'));
  await expect.poll(host.url, WITHIN).toMatch(/^http/);
  const functions = (await (await fetch(`${host.url()}/admin/functions`)).json()) as { name: string }[];
  expect(functions.map(({ name }) => name)).toEqual(['one']);
  expect((await fetch(`${host.url()}/x/two`)).status).toBe(404);
});

test('it works through a symbolic link, as an installed command', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'func-'));
  await symlink(FUNC, join(folder, 'func'));
  const { code, output } = await run(['--version'], folder, join(folder, 'func'));
  await rm(folder, { recursive: true });
  expect([code, output]).toEqual([0, expect.stringMatching(/^4\.\d+\.\d+\n$/)]);
});

test('help names the command', async () => {
  const { code, output } = await run(['--help'], fixture('esm'));
  expect(code).toBe(0);
  expect(output).toContain('func start');
});

test.each([
  [['new'], 'knows only "start", not "new"'],
  [['start', '--port', 'seventy'], '--port must be a port number'],
  [['start', '--cors', '*'], "Unknown option '--cors'"],
  [['start', 'now'], '"now" is one argument too many'],
  [['start', '-p', '0', '--functions', 'three'], 'The app has no function three. It has one, two.'],
])('%j ends with 1 and one line that says why', async (args, reason) => {
  const { code, output } = await run(args, fixture('esm'));
  expect(code).toBe(1);
  expect(output).toContain(reason);
  expect(output).not.toMatch(/^\s+at /m);
});

test('a port in use ends with 1 and names the port and the ways out', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const { code, output } = await run(['start', '--port', String(port)], fixture('esm'));
  taken.close();
  expect(code).toBe(1);
  expect(output).toContain(`Port ${port} on 127.0.0.1 is in use. Stop the other process, or choose another port`);
});
