/** The bootstrap bound: against a numpy reference, on skewed losses against Student's, and where nothing varies. */
import { expect, test } from 'vitest';
import { bootstrapBound, momentsOf } from '../../../../src/domain/gate/bootstrap-bound.ts';
import { boundOfRows } from '../../../../src/domain/gate/gate-bound.ts';
import { johnsonBound } from '../../../../src/domain/gate/johnson-bound.ts';
import { normals, sampleOf } from './seeded-losses.ts';

const SKEWED = Float64Array.from({ length: 200 }, (_value, index) => {
  const row = index + 1;
  return Math.exp(Math.sin(row * row)) - 1.5 + 0.01 * (row % 7);
}).sort();

// Reference: 400,000 resamples by numpy; with 2,000 the bound varies with a deviation of 0.0029 and 0.0052.
test.each([
  [0.95, -0.09653, 0.0029],
  [0.99, -0.05345, 0.0052],
])('at %d is that of numpy within what 2,000 resamples vary', (confidence, expected, deviation) => {
  for (const seed of [1, 2, 3]) {
    expect(Math.abs(bootstrapBound(SKEWED, confidence, seed).upper - expected)).toBeLessThan(3.5 * deviation);
  }
});

test('is the same for the same seed, and another for another', () => {
  expect(bootstrapBound(SKEWED, 0.95, 7)).toEqual(bootstrapBound(SKEWED, 0.95, 7));
  expect(bootstrapBound(SKEWED, 0.95, 7).upper).not.toBe(bootstrapBound(SKEWED, 0.95, 8).upper);
});

test('of what never varies, or hardly ever in a resample, is not finite', () => {
  const constant = new Float64Array(300).fill(-1);
  expect(bootstrapBound(constant, 0.95, 1)).toMatchObject({ degenerate: 2000 });
  const oneRow = Float64Array.from({ length: 300 }, (_value, index) => (index === 299 ? 5 : -1));
  const { upper, degenerate } = bootstrapBound(oneRow, 0.95, 1);
  expect(upper).toBe(Number.POSITIVE_INFINITY);
  // A row is left out of a resample with chance 1 / e.
  expect(degenerate / 2000).toBeCloseTo(Math.exp(-1), 1);
});

test('moments are those of numpy and scipy.stats.skew', () => {
  const values = Float64Array.from({ length: 40 }, (_value, index) => {
    const row = index + 1;
    return Math.sin(row * row) * row ** 1.5;
  });
  const { mean, variance, skewness } = momentsOf(values);
  expect(mean).toBeCloseTo(-11.53274190778781, 9);
  expect(variance / 8165.450484403475).toBeCloseTo(1, 9);
  expect(skewness).toBeCloseTo(0.16505035750857652, 9);
});

test('on 300 lognormal differences covers the truth more often than Student, and about as often as promised', () => {
  const repetitions = 200;
  const normal = normals(20_260_301);
  const truth = Math.exp(0.5);
  let [byRows, byStudent] = [0, 0];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const sample = sampleOf(Array.from({ length: 300 }, () => Math.exp(normal())));
    const { upper } = boundOfRows(sample, 0.95, repetition);
    if (upper === null || upper > truth) byRows += 1;
    const { mean, variance } = momentsOf(sample.differences);
    const moments = { rows: 300, differenceMean: mean, differenceVariance: variance, differenceSkewness: 0 };
    if (johnsonBound(moments, 0.95) > truth) byStudent += 1;
  }
  // Measured over 2,000 repetitions: 0.940 and 0.911; three standard errors of 200 are 0.05.
  expect(byRows).toBeGreaterThan(byStudent);
  expect(byRows / repetitions).toBeGreaterThan(0.89);
});
