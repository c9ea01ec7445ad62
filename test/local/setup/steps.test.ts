/** Which steps of set-up run, and when their products count as current. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSetup } from './setup-modules.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steps-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('steps', () => {
  const step = (name: string, done: boolean, ran: string[]) => ({
    name,
    isDone: async () => done,
    run: async () => {
      ran.push(name);
    },
  });

  test('what is done is skipped, the rest runs in order with its seconds', async () => {
    const { runSteps } = await loadSetup('run-steps');
    const ran: string[] = [];
    let text = '';
    let nowMs = 0;
    const clock = () => {
      nowMs += 1500;
      return nowMs;
    };
    const steps = [step('a', true, ran), step('b', false, ran), step('c', false, ran)];
    const write = (piece: string) => {
      text += piece;
    };
    expect(await runSteps(steps, write, clock)).toBe(2);
    expect(ran).toEqual(['b', 'c']);
    expect(text).toBe('[2/3] b ... 1.5 s\n[3/3] c ... 1.5 s\n');
  });

  test('a failure ends the run, and later steps are not tried', async () => {
    const { runSteps } = await loadSetup('run-steps');
    const ran: string[] = [];
    const broken = { ...step('b', false, ran), run: () => Promise.reject(new Error('no disk')) };
    await expect(runSteps([broken, step('c', false, ran)], () => {})).rejects.toThrow('no disk');
    expect(ran).toEqual([]);
  });

  test('a tool that fails is shown with the end of its log', async () => {
    const { runCommand } = await loadSetup('run-command');
    const args = ['-e', 'console.log("what went wrong"); process.exit(3)'];
    const run = runCommand({ name: 'test-of-a-failure', command: process.execPath, args });
    await expect(run).rejects.toThrow(/ended with 3.*what went wrong/s);
  });
});

describe('stamps', () => {
  test('a product is current until one of its inputs changes', async () => {
    const { hashInputs, isCurrent, writeStamp } = await loadSetup('content-stamp');
    const input = join(folder, 'requirements.txt');
    const stamp = join(folder, 'stamp');
    await writeFile(input, 'numpy==1\n');
    const before = await hashInputs(['3.11.7'], [input]);
    expect(await isCurrent(stamp, before)).toBe(false);
    await writeStamp(stamp, before);
    expect(await isCurrent(stamp, await hashInputs(['3.11.7'], [input]))).toBe(true);
    expect(await isCurrent(stamp, await hashInputs(['3.12.0'], [input]))).toBe(false);
    await writeFile(input, 'numpy==2\n');
    expect(await isCurrent(stamp, await hashInputs(['3.11.7'], [input]))).toBe(false);
  });

  test('a file of another name in a folder is another input', async () => {
    const { hashInputs } = await loadSetup('content-stamp');
    const one = await mkdtemp(join(folder, 'one-'));
    const two = await mkdtemp(join(folder, 'two-'));
    await writeFile(join(one, 'a.py'), 'x');
    await writeFile(join(two, 'b.py'), 'x');
    expect(await hashInputs([], [one])).not.toBe(await hashInputs([], [two]));
  });
});

describe('npm packages', () => {
  async function match(installed: object | undefined) {
    const { packagesMatch } = await loadSetup('npm-packages');
    const wanted = {
      '': { version: '0.1.0' },
      'node_modules/zod': { version: '4.0.0' },
      'node_modules/node-win': { version: '1.0.0', optional: true },
    };
    const paths = [join(folder, 'package-lock.json'), join(folder, 'installed.json')] as const;
    await writeFile(paths[0], JSON.stringify({ packages: wanted }));
    await rm(paths[1], { force: true });
    if (installed) await writeFile(paths[1], JSON.stringify({ packages: installed }));
    return packagesMatch(...paths);
  }

  test.each([
    ['nothing is installed', undefined, false],
    ['all that this platform needs is installed', { 'node_modules/zod': { version: '4.0.0' } }, true],
    ['a package has another version', { 'node_modules/zod': { version: '4.0.1' } }, false],
    ['a package is missing', {}, false],
  ])('%s', async (_case, installed, expected) => {
    expect(await match(installed)).toBe(expected);
  });
});

test('every version of the demo is trained before the rows that it meets', async () => {
  const { demoVersions, replay } = await loadSetup('demo-versions');
  expect(demoVersions.map(({ version }) => version)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  for (const { trainTo } of demoVersions) expect(trainTo < replay.from).toBe(true);
});

test.each(['examples/flights/serving', 'examples/flights/training', 'examples/flights/build', 'local/setup/mlflow'])(
  'the requirements of %s pin every package with a hash and name no registry',
  async (name) => {
    const path = join(import.meta.dirname, `../../../${name}-requirements.txt`);
    const text = await readFile(path, 'utf8');
    const packages = text.split('\n').filter((line) => /^[a-z]/i.test(line));
    expect(packages.length).toBeGreaterThan(1);
    for (const line of packages) expect(line).toMatch(/^[\w.-]+==[^ ]+( ; .+)? \\$/);
    expect(text.match(/--hash=sha256:[0-9a-f]{64}/g)?.length).toBeGreaterThanOrEqual(packages.length);
    expect(text).not.toMatch(/index-url|find-links|https?:\/\//);
  },
);
