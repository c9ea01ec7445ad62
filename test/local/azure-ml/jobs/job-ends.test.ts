import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JobFixture, PYTHON, startJobFixture, until } from './job-fixture.ts';

let fixture: JobFixture;

beforeAll(async () => {
  fixture = await startJobFixture();
});
afterAll(() => fixture?.stop());

const LIMIT_MS = 60_000;
const SLEEPER = 'sleep 600 & echo $! > outputs/child; echo $$ > outputs/shell; wait';

async function processOf(job: string, file: string): Promise<number> {
  const text = await until(
    () => fixture.artifact(job, `outputs/${file}`).catch(() => ''),
    (found) => found.endsWith('\n'),
  );
  return Number(text);
}

/** A process of which only the exit status is left does not live. */
function isAlive(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

/** The kernel may take a moment to carry out a kill. */
async function expectGone(...pids: readonly number[]): Promise<void> {
  await until(
    async () => pids.filter(isAlive),
    (left) => left.length === 0,
  );
}

describe('a command job', () => {
  test(
    'whose command fails ends as Failed with the exit code, after its log and outputs are stored',
    async () => {
      await fixture.command('broken-1', 'echo half > outputs/half.txt; echo why >&2; exit 3');
      const { properties } = await fixture.ended('broken-1');
      expect(properties).toMatchObject({
        status: 'Failed',
        error: { code: 'UserError', message: expect.stringContaining('exited with status code 3') },
      });
      expect(await fixture.artifact('broken-1', 'user_logs/std_log.txt')).toBe('why\n');
      expect(await fixture.artifact('broken-1', 'outputs/half.txt')).toBe('half\n');
      expect(fixture.statuses('broken-1').slice(-3)).toEqual(['Running', 'Finalizing', 'Failed']);
      const completed = fixture.events.filter(({ type }) => type.endsWith('.RunCompleted'));
      expect(completed.map(({ data }) => data.runId)).not.toContain('broken-1');
    },
    LIMIT_MS,
  );

  test(
    'that is killed says by which signal',
    async () => {
      await fixture.command('killed-1', 'kill -9 $$');
      const { properties } = await fixture.ended('killed-1');
      expect(properties.error.message).toMatch(/signal SIGKILL|status code 137/);
    },
    LIMIT_MS,
  );

  test(
    'whose data was never stored fails before its command runs',
    async () => {
      const uri = 'azureml://datastores/workspaceblobstore/paths/never/stored';
      await fixture.command('empty-1', 'echo ran > outputs/ran', {
        inputs: { data: { jobInputType: 'uri_folder', uri } },
      });
      const { properties } = await fixture.ended('empty-1');
      expect(properties.error.message).toContain(`nothing is stored at '${uri}'`);
      expect(fixture.statuses('empty-1')).not.toContain('Running');
    },
    LIMIT_MS,
  );

  test(
    'that is canceled while it runs leaves no process, and the operation ends when the job has',
    async () => {
      await fixture.command('long-1', SLEEPER);
      const [child, shell] = [await processOf('long-1', 'child'), await processOf('long-1', 'shell')];
      expect([isAlive(child), isAlive(shell)]).toEqual([true, true]);
      const accepted = await fixture.raw('POST', '/jobs/long-1/cancel');
      expect(accepted.status).toBe(202);
      await until(
        () => fixture.raw('GET', accepted.header('location') ?? ''),
        ({ status }) => status === 200,
      );
      expect((await fixture.raw('GET', '/jobs/long-1')).body.properties.status).toBe('Canceled');
      expect(fixture.statuses('long-1').slice(-3)).toEqual(['Running', 'CancelRequested', 'Canceled']);
      await expectGone(child, shell);
      expect((await fixture.raw('POST', '/jobs/long-1/cancel')).status).toBe(200);
    },
    LIMIT_MS,
  );

  test(
    'that runs longer than its limit is canceled with the limit as the reason',
    async () => {
      await fixture.command('slow-1', SLEEPER, { limits: { jobLimitsType: 'Command', timeout: 'PT1S' } });
      const { properties } = await fixture.ended('slow-1');
      expect(properties).toMatchObject({
        status: 'Canceled',
        error: { code: 'JobTimedOut', message: expect.stringContaining('PT1S') },
      });
      await expectGone(await processOf('slow-1', 'child'));
    },
    LIMIT_MS,
  );

  test(
    'sees its own variables and none of the emulator',
    async () => {
      process.env.SLIPWAY_TEST_SECRET = 'secret';
      await fixture.command('env-1', 'env > outputs/env', { environmentVariables: { OWN: 'yes' } });
      await fixture.ended('env-1');
      delete process.env.SLIPWAY_TEST_SECRET;
      const seen = await fixture.artifact('env-1', 'outputs/env');
      expect(seen).toContain('OWN=yes');
      expect(seen).toContain('AZUREML_RUN_ID=env-1');
      expect(seen).not.toContain('SLIPWAY_TEST_SECRET');
    },
    LIMIT_MS,
  );
});

test(
  'one place for two jobs: the second is Queued until the first has ended, and canceling it there runs nothing',
  async () => {
    const narrow = await startJobFixture({ jobs: { pythonPath: PYTHON, maxConcurrent: 1, stageMs: 5 } });
    try {
      const gate = join(narrow.folder, 'gate');
      await narrow.command('first', `while [ ! -e ${gate} ]; do sleep 0.05; done`);
      await narrow.reached('first', 'Running');
      await narrow.command('second', 'echo ran');
      await narrow.command('third', `echo ran > ${gate}.third`);
      await narrow.reached('second', 'Queued');
      await narrow.reached('third', 'Queued');
      await narrow.write('POST', '/jobs/third/cancel');
      expect((await narrow.raw('GET', '/jobs/second')).body.properties.status).toBe('Queued');
      writeFileSync(gate, '');
      expect((await narrow.ended('second')).properties.status).toBe('Completed');
      expect((await narrow.ended('third')).properties.status).toBe('Canceled');
      expect(existsSync(`${gate}.third`)).toBe(false);
    } finally {
      await narrow.stop();
    }
  },
  LIMIT_MS,
);

test(
  'an emulator that stops ends the processes of its jobs and raises nothing more',
  async () => {
    const other = await startJobFixture();
    await other.command('left', SLEEPER);
    await other.reached('left', 'Running');
    const child = Number(
      await until(
        () => other.artifact('left', 'outputs/child').catch(() => ''),
        (found) => found.endsWith('\n'),
      ),
    );
    const raised = other.events.length;
    await other.stop();
    await expectGone(child);
    expect(other.events).toHaveLength(raised);
  },
  LIMIT_MS,
);

test(
  'an emulator that is killed leaves no process of its jobs',
  async () => {
    const file = join(fixture.folder, 'orphan');
    const script = join(import.meta.dirname, 'parent-process.ts');
    const command = `sleep 600 & echo $! > ${file}; wait`;
    const parent = spawn(process.execPath, [script, PYTHON, fixture.folder, command], { stdio: 'ignore' });
    const text = await until(
      async () => (existsSync(file) ? readFileSync(file, 'utf8') : ''),
      (found) => found.endsWith('\n'),
    );
    expect(isAlive(Number(text))).toBe(true);
    parent.kill('SIGKILL');
    await expectGone(Number(text));
  },
  LIMIT_MS,
);
