/** The judge command: lines in, answers out, in order; what is wrong is named; exit codes. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJudgeArguments } from '../../../src/tools/judge/judge-arguments.ts';
import { judgeInOrder } from '../../../src/tools/judge/judge-in-order.ts';
import { judgeLine } from '../../../src/tools/judge/judge-line.ts';
import { linesOf } from '../../../src/tools/judge/lines-of.ts';
import { parseRolloutLine } from '../../../src/tools/judge/rollout-line.ts';
import { makeRollout } from '../../bench/canary/generator/rollout.ts';
import { type Scenario, scenario } from '../../bench/canary/generator/scenario.ts';

const { options } = parseJudgeArguments(['rollouts.jsonl']);
const healthy = scenario({ name: 'healthy', about: '', n: 1000, minutes: 15 });
const failing = scenario({ name: 'failing', about: '', n: 100, minutes: 15, extraErrors: 0.3 });

function rolloutLine(of: Scenario, rep: number | string, seed = 1): string {
  const { history, buckets } = makeRollout(of, seed);
  const minutes = buckets.map(({ green, blue }) => [
    green.requests,
    green.errors,
    blue.requests,
    blue.errors,
    green.latency,
    blue.latency,
  ]);
  const { requests: histN, errors: histErr, latency: histLat } = history;
  return JSON.stringify({ rep, histN, histErr, histLat, phi: 1, phiL: 1, minutes });
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('the answer to a line', () => {
  it('rolls a failing canary back at its first bad minute and names the metric', () => {
    const judged = judgeLine(parseRolloutLine(rolloutLine(failing, 'a')), options);
    expect(judged).toMatchObject({ rep: 'a', rollback: 0, promote: -1, guilty: ['errors'] });
    expect(judged.logE).toHaveLength(15);
    expect(judged.logE[0]).toBeGreaterThan(Math.log(20));
  });

  it('promotes a healthy canary after the soak, and not before', () => {
    expect(judgeLine(parseRolloutLine(rolloutLine(healthy, 1)), options)).toMatchObject({ rollback: -1, promote: 9 });
    const { options: longer } = parseJudgeArguments(['--soak', '12', '--warm-up', '2', 'x']);
    expect(judgeLine(parseRolloutLine(rolloutLine(healthy, 1)), longer)).toMatchObject({ rollback: -1, promote: 13 });
  });

  it('divides the evidence by the design effects that the line gives', () => {
    const given = JSON.parse(rolloutLine(failing, 1));
    const plain = judgeLine(parseRolloutLine(JSON.stringify(given)), options);
    const bursty = judgeLine(parseRolloutLine(JSON.stringify({ ...given, phi: 50 })), options);
    expect(bursty.logE[0]).toBeLessThan((plain.logE[0] ?? 0) / 10);
  });

  it.each([
    ['{"rep":1', 'no JSON'],
    ['[]', 'no rollout'],
    ['{"rep":1,"histN":5,"histErr":6,"histLat":{},"minutes":[]}', 'histErr: more errors than requests'],
    ['{"rep":1,"histN":5,"histErr":0,"histLat":{"a":1},"minutes":[]}', 'histLat: "a" is no bin'],
    ['{"rep":1,"histN":5,"histErr":0,"histLat":{},"minutes":[[1,0,1,0,{"3":0.5},{}]]}', 'minutes.0.4: bin 3 holds 0.5'],
    ['{"rep":1,"histN":5,"histErr":0,"histLat":{},"minutes":[[1,0,1,0,{}]]}', 'minutes.0'],
    ['{"rep":1,"histN":5,"histErr":0,"histLat":{},"minutes":[],"more":1}', 'more'],
    ['{"rep":1,"histN":1e999,"histErr":0,"histLat":{},"minutes":[]}', 'histN'],
  ])('refuses %s and says where', (line, problem) => {
    expect(() => parseRolloutLine(line)).toThrow(problem);
  });

  it('refuses counts that cannot be true and names the minute', () => {
    const line = '{"rep":1,"histN":5,"histErr":0,"histLat":{},"minutes":[[5,0,5,0,{},{}],[5,6,5,0,{},{}]]}';
    expect(() => judgeLine(parseRolloutLine(line), options)).toThrow(/minutes\.1: .*more errors \(6\) than requests/);
  });
});

describe('the stream of lines', () => {
  it('is cut at line ends wherever the chunks end, and blank lines count', async () => {
    const bytes = Buffer.from('{"a":"é"}\n\r\n{"b":1}\r\n\n{"c":"€"}');
    const chunks = Array.from(bytes, (byte) => Buffer.from([byte]));
    expect(await all(linesOf(Readable.from(chunks)))).toEqual([
      { number: 1, text: '{"a":"é"}' },
      { number: 3, text: '{"b":1}\r' },
      { number: 5, text: '{"c":"€"}' },
    ]);
  });

  it('refuses a line without end instead of holding it, naming the line', async () => {
    const endless = Readable.from(['{}\n', ...Array.from({ length: 100 }, () => 'x'.repeat(100))]);
    await expect(all(linesOf(endless, 500))).rejects.toThrow('line 2: longer than 500 characters');
  });

  it('is answered in its order by several threads, as by one, with bad lines named in their place', async () => {
    const short = JSON.parse(rolloutLine({ ...failing, minutes: 2 }, 0));
    const lines = Array.from({ length: 80 }, (_, rep) =>
      rep % 25 === 13 ? 'nonsense' : JSON.stringify({ ...short, rep, phi: 1 + rep / 10 }),
    );
    const numbered = () => linesOf(Readable.from([`${lines.join('\n')}\n`]));
    const together = await all(judgeInOrder(numbered(), options, 2));
    expect(together).toEqual(await all(judgeInOrder(numbered(), options, 1)));
    expect(together).toHaveLength(80);
    expect(together[13]).toEqual({ problem: expect.stringMatching(/^line 14: this is no JSON/) });
    expect(together[79]).toEqual({ answer: expect.stringMatching(/^\{"rep":79,/) });
  }, 60_000);
});

describe('the options', () => {
  it('have the documented defaults', () => {
    expect(options).toMatchObject({
      warmUpMinutes: 0,
      rollsBackWhenLost: false,
      judging: {
        alpha: 0.05,
        beta: 0.05,
        soakBuckets: 10,
        prior: { horizonBuckets: 60 },
        settings: {
          errors: { margin: 0.002, promoteMargin: 0.0075 },
          latency: { marginBins: 1, promoteMarginBins: 3 },
        },
      },
    });
  });

  it('are all checked in one error', () => {
    const given = ['--alpha', '2', '--soak', '1.5', '--lost-telemetry', 'panic'];
    expect(() => parseJudgeArguments(given)).toThrow(/--alpha 2 .*--soak 1.5 .*panic.*one file is wanted/);
    expect(() => parseJudgeArguments(['--unknown', 'x'])).toThrow('--unknown');
  });
});

describe('the command', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-judge-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function judge(args: readonly string[], input = ''): Promise<{ code: number; out: string; err: string }> {
    const child = spawn(process.execPath, ['src/tools/judge.ts', ...args]);
    child.stdin.end(input);
    const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, out, err };
  }

  it('judges a file and standard input alike', async () => {
    const file = join(folder, 'rollouts.jsonl');
    const lines = `${rolloutLine(failing, 1)}\n${rolloutLine(healthy, 2)}\n`;
    await writeFile(file, lines);
    const [fromFile, fromInput] = await Promise.all([judge([file]), judge(['-'], lines)]);
    expect(fromFile.code).toBe(0);
    expect(
      fromFile.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).rep),
    ).toEqual([1, 2]);
    expect(fromInput).toEqual(fromFile);
  }, 60_000);

  it('goes on after a bad line, names it on standard error and fails', async () => {
    const { code, out, err } = await judge(['-'], `\nnonsense\n${rolloutLine(failing, 7)}\n`);
    expect(code).toBe(1);
    expect(err).toMatch(/^line 2: this is no JSON/);
    expect(JSON.parse(out)).toMatchObject({ rep: 7 });
  }, 60_000);

  it('says how it is used, and what is wrong with its arguments or its file', async () => {
    const [help, wrong, missing] = await Promise.all([
      judge(['--help']),
      judge(['--beta', 'x', 'y']),
      judge([join(folder, 'no-such-file')]),
    ]);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('--promote-latency-margin-bins 3');
    expect(wrong).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--beta x') });
    expect(missing).toMatchObject({ code: 2, out: '', err: expect.stringContaining('no-such-file') });
  }, 60_000);
});
