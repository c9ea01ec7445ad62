/** One set-up at a time, and none blocked by a dead one. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSetup } from './setup-modules.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, 'state', 'setup.lock');
});
afterEach(() => rm(folder, { recursive: true }));

test('a free lock is taken with the own pid and given back', async () => {
  const { takeLock } = await loadSetup('lock');
  const release = await takeLock(path, () => {});
  expect(await readFile(path, 'utf8')).toBe(`${process.pid}\n`);
  release();
  expect(existsSync(path)).toBe(false);
});

test('the lock of a living process is waited for, and taken when it is given back', async () => {
  const { takeLock } = await loadSetup('lock');
  const release = await takeLock(path, () => {});
  const told: number[] = [];
  const second = takeLock(path, (pid) => told.push(pid));
  await expect.poll(() => told).toEqual([process.pid]);
  release();
  (await second)();
  expect(existsSync(path)).toBe(false);
});

test('a lock that is never given back ends in a message with the pid', async () => {
  const { takeLock } = await loadSetup('lock');
  const release = await takeLock(path, () => {});
  await expect(takeLock(path, () => {}, 0)).rejects.toThrow(new RegExp(`Process ${process.pid} has held`));
  release();
});

test('the lock of a dead process is taken over', async () => {
  const { takeLock } = await loadSetup('lock');
  (await takeLock(path, () => {}))();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(path, `${pid}\n`);
  const waited: number[] = [];
  const release = await takeLock(path, (holder) => waited.push(holder));
  expect(waited).toEqual([]);
  release();
});

test('of ten processes that start at once, one at a time is at work', async () => {
  const module = new URL('../../../local/setup/lock.mjs', import.meta.url).href;
  const marker = join(folder, 'at-work');
  const code = `
    import { closeSync, openSync, rmSync } from 'node:fs';
    const { takeLock } = await import(${JSON.stringify(module)});
    const release = await takeLock(${JSON.stringify(path)}, () => {});
    closeSync(openSync(${JSON.stringify(marker)}, 'wx'));
    rmSync(${JSON.stringify(marker)});
    release();`;
  const ends = Array.from({ length: 10 }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    return new Promise((resolve) => child.once('exit', resolve));
  });
  expect(await Promise.all(ends)).toEqual(Array(10).fill(0));
});
