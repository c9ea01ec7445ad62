/** Exact bounds of a share against scipy's beta quantiles, and at their ends. */
import { expect, test } from 'vitest';
import { lowerShare, upperShare } from '../../../../src/domain/gate/clopper-pearson.ts';

test.each([
  [0, 0, 0.04, 1, 0],
  [0, 12, 0.04, 0.2352755086682699, 0],
  [3, 12, 0.04, 0.5423769981563727, 0.06579365050864171],
  [12, 12, 0.04, 1, 0.76472449133173],
  [40, 100, 0.04, 0.49232031688006966, 0.31271801941384186],
  [7, 600, 0.01, 0.026467065178234394, 0.0038956241452205013],
  [0, 600, 0.01, 0.007645903867899492, 0],
  [500_000, 1_000_000, 0.01, 0.501163672070515, 0.49883632792948496],
])('the bounds of %d of %d at %d are those of scipy.stats.beta.ppf', (count, trials, tail, upper, lower) => {
  expect(Math.abs(upperShare(count, trials, tail) - upper)).toBeLessThan(1e-10);
  expect(Math.abs(lowerShare(count, trials, tail) - lower)).toBeLessThan(1e-10);
});

test.each([
  [3, 2, 0.05],
  [-1, 2, 0.05],
  [0.5, 2, 0.05],
  [1, 2, 0],
  [1, 2, Number.NaN],
])('%d of %d at %d is refused', (count, trials, tail) => {
  expect(() => upperShare(count, trials, tail)).toThrow(RangeError);
  expect(() => lowerShare(count, trials, tail)).toThrow(RangeError);
});
