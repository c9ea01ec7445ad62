/** No child outlives its stack, whichever way the stack ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChild } from '../../../../local/stack/processes/child-process.ts';
import { openProcessBook } from '../../../../local/stack/processes/process-book.ts';
import { processIdentity } from '../../../../local/stack/processes/process-identity.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'child-process-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Starts the owner; resolves with it and the first line it prints that is a process id. */
async function startOwner(way: string) {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'own-a-child.ts'), folder, way], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(owner, 'exit') as Promise<[number | null, string | null]>;
  const lines: string[] = [];
  for await (const line of createInterface({ input: owner.stdout })) {
    lines.push(line);
    if (/^\d+$/.test(line)) break;
  }
  return { owner, exited, childPid: Number(lines.at(-1)), lines };
}

async function isGone(pid: number): Promise<boolean> {
  const deadlineMs = Date.now() + 5000;
  while (processIdentity(pid) !== undefined && Date.now() < deadlineMs)
    await new Promise((resolve) => setImmediate(resolve));
  return processIdentity(pid) === undefined;
}

test.each(['throw', 'exit'])('a stack that ends by %s takes its child along', async (way) => {
  const { exited, childPid } = await startOwner(way);
  await exited;
  expect(await isGone(childPid)).toBe(true);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the child first and the stack with exit code %d', async (signal, exitCode) => {
  const { owner, exited, childPid } = await startOwner('wait');
  owner.kill(signal);
  expect(await exited).toEqual([exitCode, null]);
  expect(await isGone(childPid)).toBe(true);
});

test('what a killed stack leaves is ended by the next start in the same folder', async () => {
  const { owner, exited, childPid } = await startOwner('wait');
  owner.kill('SIGKILL');
  await exited;
  expect(processIdentity(childPid)).toBeDefined();
  const next = await startOwner('exit');
  expect(next.lines[0]).toContain(`idle (process ${childPid}), left over`);
  expect(await isGone(childPid)).toBe(true);
});

test('a child that ignores the polite signal is killed after the grace period', async () => {
  const book = openProcessBook(folder, () => {});
  const started = Promise.withResolvers<void>();
  const child = startChild({
    name: 'stubborn',
    nodeArguments: [
      '-e',
      'process.on("SIGTERM", () => console.log("no")); setInterval(() => {}, 1000); console.log("up")',
    ],
    cwd: folder,
    environment: {},
    book,
    graceMs: 200,
    onLine: () => started.resolve(),
  });
  await started.promise;
  await child.stop();
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(child.tail()).toBe('up\nno');
  book.close();
});
