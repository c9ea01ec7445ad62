/** The gate: a single better number is not enough, and no number is no pass. */
import { expect, test } from 'vitest';
import { johnsonBound } from '../../../../src/domain/gate/johnson-bound.ts';
import { type GatePolicy, judgeChallenger } from '../../../../src/domain/gate/judge-challenger.ts';
import { type PairedLoss, readGateMetrics } from '../../../../src/domain/gate/paired-loss.ts';

const POLICY: GatePolicy = { lossMargin: 0, confidence: 0.95, minRows: 500, slices: [] };

function loss(changes: Partial<PairedLoss> = {}): PairedLoss {
  return {
    rows: 5000,
    championLoss: 16,
    challengerLoss: 7,
    differenceMean: -9,
    differenceVariance: 100,
    differenceSkewness: 0,
    ...changes,
  };
}

test('a challenger that is surely better passes', () => {
  const decision = judgeChallenger({ overall: loss(), slices: {} }, POLICY);
  expect(decision.verdict).toBe('pass');
  expect(decision.sentence).toContain("the challenger's loss is 7 and the champion's 16");
});

test('a better number that may be luck fails', () => {
  const overall = loss({ challengerLoss: 15.8, differenceMean: -0.2, differenceVariance: 100 });
  expect(judgeChallenger({ overall, slices: {} }, POLICY).verdict).toBe('fail');
  expect(judgeChallenger({ overall, slices: {} }, { ...POLICY, lossMargin: 0.1 }).verdict).toBe('pass');
});

test('a challenger equal in every row is no better', () => {
  const overall = loss({ challengerLoss: 16, differenceMean: 0, differenceVariance: 0 });
  expect(judgeChallenger({ overall, slices: {} }, POLICY).verdict).toBe('fail');
});

test('rows that all differ alike say nothing of rows that were not seen', () => {
  const overall = loss({ challengerLoss: 15, differenceMean: -1, differenceVariance: 0 });
  const decision = judgeChallenger({ overall, slices: {} }, POLICY);
  expect(decision).toMatchObject({ verdict: 'not-enough-data', parts: [{ upper: null, bound: { method: 'none' } }] });
  expect(decision.sentence).toContain('all rows have the same difference');
});

test('a variance that is rounding only is none', () => {
  const overall = loss({ challengerLoss: 15, differenceMean: -1, differenceVariance: 1e-28 });
  expect(judgeChallenger({ overall, slices: {} }, POLICY).verdict).toBe('not-enough-data');
});

test('numbers that overflow are no bound', () => {
  const overall = loss({ differenceVariance: 1e300, differenceSkewness: -1e200 });
  expect(judgeChallenger({ overall, slices: {} }, POLICY)).toMatchObject({ verdict: 'not-enough-data' });
});

test('too few rows are no pass, whatever they say', () => {
  expect(judgeChallenger({ overall: loss({ rows: 499 }), slices: {} }, POLICY).verdict).toBe('not-enough-data');
  expect(judgeChallenger({ overall: loss({ rows: 0 }), slices: {} }, { ...POLICY, minRows: 0 }).verdict).toBe(
    'not-enough-data',
  );
});

test('one slice that got worse fails the whole, and its sentence is the one told', () => {
  const policy = { ...POLICY, slices: [{ name: 'JFK', lossMargin: 0 }] };
  const worse = loss({ championLoss: 7, challengerLoss: 9, differenceMean: 2 });
  const decision = judgeChallenger({ overall: loss(), slices: { JFK: worse } }, policy);
  expect(decision).toMatchObject({ verdict: 'fail', parts: [{ verdict: 'pass' }, { name: 'JFK', verdict: 'fail' }] });
  expect(decision.sentence).toMatch(/^On JFK/);
});

test.each([
  [30, 0.05, 1.6991270265334977],
  [500, 0.05, 1.6479129840597129],
  [30, 0.01, 2.4620213601504126],
  [500, 0.01, 2.3338439936573887],
])("the bound of %d rows is Student's (scipy.stats.t.isf)", (rows, tail, quantile) => {
  const bound = johnsonBound(loss({ rows, differenceMean: 0, differenceVariance: rows }), 1 - tail);
  expect(Math.abs(bound / quantile - 1)).toBeLessThan(2e-4);
});

test('differences skewed to the right raise the bound', () => {
  expect(johnsonBound(loss({ differenceSkewness: 3 }), 0.95)).toBeGreaterThan(johnsonBound(loss(), 0.95));
});

const LOGGED = {
  'gate.rows': 5000,
  'gate.champion_loss': 16,
  'gate.challenger_loss': 7,
  'gate.difference_mean': -9,
  'gate.difference_variance': 100,
  'gate.difference_skewness': 0,
};

test('metrics of a job are read, with the slices that the policy names', () => {
  expect(readGateMetrics(LOGGED, [])).toEqual({ ok: true, measurements: { overall: loss(), slices: {} } });
  const reading = readGateMetrics(LOGGED, ['JFK']);
  expect(reading).toMatchObject({ ok: false });
  expect(JSON.stringify(reading)).toContain('gate.slice.JFK.rows');
});

test.each([
  ['a missing metric', { 'gate.rows': undefined }, 'gate.rows'],
  ['NaN', { 'gate.difference_variance': Number.NaN }, 'gate.difference_variance'],
  ['a negative variance', { 'gate.difference_variance': -1 }, 'gate.difference_variance'],
  ['half a row', { 'gate.rows': 0.5 }, 'gate.rows'],
  ['a contradiction', { 'gate.difference_mean': 3 }, 'contradict'],
])('%s is told by name and decides nothing', (_what, changes, told) => {
  const metrics = Object.fromEntries(
    Object.entries({ ...LOGGED, ...changes }).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
  const reading = readGateMetrics(metrics, []);
  expect(reading.ok).toBe(false);
  expect(JSON.stringify(reading)).toContain(told);
});
