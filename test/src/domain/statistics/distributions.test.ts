/** Special functions against values computed with scipy 1.x (`stats.chi2.sf`, `special.gammaln`, `stats.norm.isf`). */
import { expect, test } from 'vitest';
import { adjustedPValues } from '../../../../src/domain/statistics/benjamini-hochberg.ts';
import { chiSquaredTail } from '../../../../src/domain/statistics/chi-squared.ts';
import { logGamma } from '../../../../src/domain/statistics/log-gamma.ts';
import { normalQuantile } from '../../../../src/domain/statistics/normal-quantile.ts';

function near(actual: number, expected: number, relative = 1e-9): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected) + 1e-300);
}

test.each([
  [0.5, 1, 0.47950012218695337],
  [3.84, 1, 0.05004352124870519],
  [20, 9, 0.017912404529843298],
  [50, 9, 1.0772382022574693e-7],
  [200, 9, 3.312992393909567e-38],
  [9, 99, 1],
  [150, 99, 0.0007204453957169282],
  [1000, 999, 0.48513148927490146],
  [0.001, 3, 0.9999915920809419],
])('the chi-squared tail of %d with %d degrees of freedom', (value, degrees, expected) => {
  near(chiSquaredTail(value, degrees), expected);
});

test('a chi-squared tail is 1 at zero, 0 at infinity, and refuses what is no number', () => {
  expect(chiSquaredTail(0, 3)).toBe(1);
  expect(chiSquaredTail(Number.POSITIVE_INFINITY, 3)).toBe(0);
  expect(() => chiSquaredTail(Number.NaN, 3)).toThrow(RangeError);
  expect(() => chiSquaredTail(1, 0)).toThrow(RangeError);
});

test.each([
  [0.5, 0.5723649429247],
  [1.5, -0.12078223763524526],
  [4.5, 2.4537365708424423],
  [12.3, 18.238983407092245],
  [500.5, 2608.2229044109863],
])('the logarithm of the gamma function at %d', (x, expected) => near(logGamma(x), expected, 1e-13));

test.each([
  [0.05, 1.6448536269514729],
  [0.01, 2.3263478740408408],
  [1e-6, 4.753424308822899],
])('the normal quantile of a tail of %d', (tail, expected) => near(normalQuantile(tail), expected, 1e-10));

test('a half of the normal distribution lies above zero; other tails are refused', () => {
  expect(normalQuantile(0.5)).toBeCloseTo(0, 10);
  expect(() => normalQuantile(0.6)).toThrow(RangeError);
  expect(() => normalQuantile(0)).toThrow(RangeError);
});

test('adjusted p-values stay in the order given and never fall with a larger p-value', () => {
  const adjusted = adjustedPValues([0.01, 0.04, 0.03, 0.5, 0.001]);
  for (const [index, expected] of [0.025, 0.05, 0.05, 0.5, 0.005].entries()) near(adjusted[index] ?? 0, expected);
  expect(adjustedPValues([])).toEqual([]);
  expect(adjustedPValues([0.7])).toEqual([0.7]);
});
