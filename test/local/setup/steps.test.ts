/** Which steps of set-up run, and when their products count as current. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSetup, type Step, type StepReport } from './setup-modules.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steps-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Says what happens in words; a step that `needs` something names it. */
function steps(ran: string[], done: readonly string[] = []) {
  return (name: string, needs: readonly string[] = []): Step => ({
    name,
    needs,
    expect: { seconds: 20, megabytes: 600 },
    isDone: async () => done.includes(name),
    run: async () => {
      ran.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      ran.push(`${name} ends`);
    },
  });
}

const silent: StepReport = { begin: () => {}, started: () => {}, ended: () => {} };

describe('steps', () => {
  test('what is done is skipped, the rest runs two at a time', async () => {
    const { runSteps } = await loadSetup('run-steps');
    const ran: string[] = [];
    const step = steps(ran, ['a']);
    expect(await runSteps([step('a'), step('b'), step('c'), step('d')], silent)).toBe(3);
    expect(ran.slice(0, 3)).toEqual(['b begins', 'c begins', 'b ends']);
    expect([...ran].sort()).toEqual(['b begins', 'b ends', 'c begins', 'c ends', 'd begins', 'd ends']);
  });

  test('a step waits for those that it needs, and not for one that was done before', async () => {
    const { runSteps } = await loadSetup('run-steps');
    const ran: string[] = [];
    const step = steps(ran, ['packages']);
    await runSteps([step('model', ['python']), step('python', ['packages']), step('rows', ['packages'])], silent);
    expect(ran.indexOf('model begins')).toBeGreaterThan(ran.indexOf('python ends'));
    expect(ran.slice(0, 2)).toEqual(['python begins', 'rows begins']);
  });

  test('steps that wait for each other are an error instead of a standstill', async () => {
    const { runSteps } = await loadSetup('run-steps');
    const step = steps([]);
    await expect(runSteps([step('a', ['b']), step('b', ['a'])], silent)).rejects.toThrow(/wait for each other: a, b/);
  });

  test('a failure stops what runs and ends the run; later steps are not tried', async () => {
    const { runSteps } = await loadSetup('run-steps');
    const ran: string[] = [];
    const step = steps(ran);
    const broken = { ...step('b'), run: () => Promise.reject(new Error('no disk')) };
    const stopped: string[] = [];
    const run = runSteps([step('a'), broken, step('c')], silent, () => stopped.push('stopped'));
    await expect(run).rejects.toThrow('no disk');
    expect(ran).toEqual(['a begins', 'a ends']);
    expect(stopped).toEqual(['stopped']);
  });

  test('one line before says what to expect, one line a step how long it took and when it ended', async () => {
    const { runSteps } = await loadSetup('run-steps');
    const { createStepReport } = await loadSetup('step-report');
    const ran: string[] = [];
    const step = steps(ran, ['a']);
    let text = '';
    let nowMs = 0;
    const output = {
      write(piece: string) {
        text += piece;
        nowMs += 61_500;
      },
    };
    await runSteps(
      [step('a'), step('b'), step('c', ['b'])],
      createStepReport(output, () => nowMs),
    );
    expect(text.split('\n')).toEqual([
      'Set-up: 2 of 3 steps to do, about 1.2 GB in this folder; about 20 s with a fast network.',
      ' 1:01  1/2  b    0.0 s',
      ' 2:03  2/2  c    0.0 s',
      '',
    ]);
  });

  test('a terminal shows what runs, and only whole lines stay', async () => {
    const { createStepReport } = await loadSetup('step-report');
    const pieces: string[] = [];
    const report = createStepReport({ isTTY: true, write: (piece) => pieces.push(piece) }, () => 0);
    const packages = steps([])('packages');
    report.begin([packages], 1);
    report.started(packages);
    expect(pieces.at(-1)).toMatch(/now: packages \(0\.0 s\)$/);
    report.ended(packages);
    report.close();
    expect(pieces.at(-1)).toBe('\r\x1b[K');
  });
});

describe('goals', () => {
  const python = { command: 'python3', version: '3.11.2' };

  test('every goal begins with the packages and has what its steps need', async () => {
    const { GOALS } = await loadSetup('goals');
    for (const { steps: stepsOf } of Object.values(GOALS)) {
      const all = stepsOf(python);
      expect(all[0]?.name).toMatch(/^npm packages/);
      for (const { needs } of all) for (const name of needs) expect(all.map((step) => step.name)).toContain(name);
    }
  });

  test('the first story needs two models and no MLflow; everything includes it', async () => {
    const { GOALS } = await loadSetup('goals');
    const first = GOALS['first-story']?.steps(python).map(({ name }) => name) ?? [];
    const all = GOALS.all?.steps(python).map(({ name }) => name) ?? [];
    expect(first.filter((name) => name.startsWith('model '))).toHaveLength(2);
    expect(first.join()).not.toContain('mlflow');
    expect(all).toEqual(expect.arrayContaining(first));
  });
});

describe('tools', () => {
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

test('every model of the demo is trained before the rows that it meets', async () => {
  const { demoModels, demoRows } = await loadSetup('demo-data');
  const replay = demoRows.find(({ name }) => name === 'replay');
  expect(demoModels).toHaveLength(7);
  for (const { to } of demoModels) expect(to < (replay?.from ?? '')).toBe(true);
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
