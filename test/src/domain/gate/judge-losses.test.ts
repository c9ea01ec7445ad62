/** The gate on rows: which bound it takes, what it says of it, and what changes nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GatePolicy, judgeLosses } from '../../../../src/domain/gate/judge-challenger.ts';
import { type LossLine, normals, samplesOf } from './seeded-losses.ts';

const POLICY: GatePolicy = { lossMargin: 0, confidence: 0.95, minRows: 200, slices: [] };
const SEED = 42;

/** Losses around 10, the challenger's lower by `gain` on average. */
function lines(rows: number, gain: number, slices: readonly string[] = []): readonly LossLine[] {
  const normal = normals(rows);
  return Array.from({ length: rows }, () => {
    const champion = 10 + 2 * normal();
    return { champion, challenger: champion - gain + normal(), slices };
  });
}

/** 0 and 1, by how many rows only one of the two gets wrong. */
function bits(rows: number, worse: number, better: number): readonly LossLine[] {
  return Array.from({ length: rows }, (_value, row) => ({
    champion: row >= worse && row < worse + better ? 1 : 0,
    challenger: row < worse ? 1 : 0,
    slices: [],
  }));
}

const judge = (given: readonly LossLine[], policy: Partial<GatePolicy> = {}, seed = SEED) => {
  const whole = { ...POLICY, ...policy };
  const names = whole.slices.map(({ name }) => name);
  return judgeLosses(samplesOf(given, names), whole, seed);
};

describe('losses of 0 and 1', () => {
  test('are bounded exactly, with the rows that decided', () => {
    const decision = judge(bits(1000, 30, 60));
    expect(decision).toMatchObject({
      verdict: 'pass',
      parts: [{ rows: 1000, bound: { method: 'exact', discordant: 90, worse: 30 } }],
    });
    expect(decision.sentence).toBe(
      "On all rows (1000 rows) the challenger's loss is 0.03 and the champion's 0.06; the difference is at most " +
        '-0.009884 (exact: 30 rows worse, 60 better, the others alike): surely (95 %) no worse than the margin of 0.',
    );
  });

  test('without a single difference are no proof that there is none', () => {
    expect(judge(bits(300, 0, 0), { lossMargin: 0.01 }).verdict).toBe('fail');
    expect(judge(bits(300, 0, 0), { lossMargin: 0.02 }).verdict).toBe('pass');
    expect(judge(bits(3000, 0, 0)).verdict).toBe('fail');
  });
});

describe('other losses', () => {
  test('are bounded by the bootstrap, which is on record', () => {
    const decision = judge(lines(500, 0.5));
    const bound = { method: 'bootstrap-t', resamples: 2000, seed: SEED, degenerate: 0 };
    expect(decision).toMatchObject({ verdict: 'pass', parts: [{ rows: 500, bound }] });
    expect(decision.sentence).toContain('(bootstrap, 2000 resamples): surely (95 %)');
    expect(judge(lines(500, 0.05)).verdict).toBe('fail');
  });

  test('of more than 20,000 rows are bounded by their moments', () => {
    expect(judge(lines(20_001, 0.5))).toMatchObject({ verdict: 'pass', parts: [{ bound: { method: 'moments' } }] });
  });

  test.each([
    ['in 29 rows only', (row: number) => (row < 29 ? -100 : 0)],
    ['by the same in each row', () => -1],
    ['by rounding around the same in each row', (row: number) => -0.1 + row * 1e-15],
  ])('that differ %s are not enough, however good they look', (_what, differenceOf) => {
    const given = Array.from({ length: 600 }, (_value, row) => ({
      champion: 200,
      challenger: 200 + differenceOf(row),
      slices: [],
    }));
    const decision = judge(given);
    expect(decision).toMatchObject({ verdict: 'not-enough-data', parts: [{ upper: null, bound: { method: 'none' } }] });
    expect(decision.sentence).toContain('how sure that is cannot be said');
  });

  test('that are the same in each row are no better', () => {
    const given = lines(300, 0).map((line) => ({ ...line, challenger: line.champion }));
    expect(judge(given).verdict).toBe('fail');
  });

  test('that are too large to be multiplied give no number', () => {
    const normal = normals(3);
    const given = Array.from({ length: 300 }, () => ({ champion: 1e99 * normal(), challenger: 1e99, slices: [] }));
    expect(JSON.stringify(judge(given))).not.toMatch(/NaN|Infinity/);
  });
});

test('each named slice is judged by its own rows and margin; one without rows is not enough', () => {
  const given = [...lines(400, 1, ['good']), ...lines(300, -1, ['bad'])];
  const slices = [
    { name: 'good', lossMargin: 0 },
    { name: 'bad', lossMargin: 0 },
    { name: 'empty', lossMargin: 0 },
  ];
  expect(judge(given, { slices, lossMargin: 1 })).toMatchObject({
    verdict: 'fail',
    sentence: expect.stringMatching(/^On bad \(300 rows\)/),
    parts: [{ verdict: 'pass' }, { verdict: 'pass' }, { verdict: 'fail' }, { verdict: 'not-enough-data', rows: 0 }],
  });
  expect(judge(lines(199, 5)).verdict).toBe('not-enough-data');
});

describe('changes nothing:', () => {
  const given = lines(250, 0.3, ['a']);
  const policy = { slices: [{ name: 'a', lossMargin: 0 }] };
  const usual = judge(given, policy);

  test('the order of rows', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...given.keys()], { minLength: given.length }), (order) => {
        expect(
          judge(
            order.flatMap((row) => given[row] ?? []),
            policy,
          ),
        ).toEqual(usual);
      }),
      { numRuns: 10 },
    );
  });

  test('the unit of the loss', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), (exponent) => {
        const scale = 2 ** exponent;
        const scaled = given.map(({ champion, challenger, slices }) => ({
          champion: scale * champion,
          challenger: scale * challenger,
          slices,
        }));
        const decision = judge(scaled, policy);
        expect(decision.verdict).toBe(usual.verdict);
        expect((decision.parts[0]?.upper ?? 0) / scale).toBe(usual.parts[0]?.upper);
      }),
      { numRuns: 10 },
    );
  });

  test('the name of a slice, and what other slices there are', () => {
    const renamed = given.map((line, row) => ({ ...line, slices: ['z', ...(row < 220 ? ['other'] : [])] }));
    const slices = [
      { name: 'other', lossMargin: 9 },
      { name: 'z', lossMargin: 0 },
    ];
    const { parts } = judge(renamed, { slices });
    expect(parts[2]?.bound).toEqual(usual.parts[1]?.bound);
    expect(parts[0]).toEqual(usual.parts[0]);
  });
});
