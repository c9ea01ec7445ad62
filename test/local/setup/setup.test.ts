/** Set-up as a program: what it says, what it skips, and what it does without the tools it needs. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../../local/setup/setup.mjs');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'setup-'));
});
afterAll(() => rm(folder, { recursive: true }));

function setup(args: readonly string[], path = process.env.PATH ?? '') {
  return spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8', env: { ...process.env, PATH: path } });
}

test('--help says what it makes and where, and does nothing', () => {
  const { status, stdout } = setup(['--help'], '');
  expect(status).toBe(0);
  for (const made of ['node_modules', '.slipway/venv', '.slipway/models', '.slipway/data'])
    expect(stdout).toContain(made);
});

test('without npm and python one message names both and how to get them', () => {
  const { status, stderr } = setup([], folder);
  expect(status).toBe(1);
  expect(stderr).toMatch(/npm is missing.*https:\/\/nodejs\.org/);
  expect(stderr).toMatch(/Python 3\.11 or newer with its venv module is missing.*python3-venv/);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a Python that is too old or lacks venv is passed over', async () => {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  // `true` ends well and says nothing: no version that could be new enough.
  await symlink('/bin/true', join(bin, 'python3'));
  const { status, stderr } = setup([], bin);
  expect(status).toBe(1);
  expect(stderr).toContain('tried python3');
});

test('an unknown goal is refused with those that there are', () => {
  const { status, stderr } = setup(['--goal', 'everything']);
  expect(status).toBe(1);
  expect(stderr).toBe('--goal is one of packages, first-story, tests, all; it is "everything".\n');
});

test('an unknown option is refused without a stack trace', () => {
  const { status, stderr } = setup(['--without-models']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/--without-models/);
  expect(stderr).not.toMatch(/^\s+at /m);
});
