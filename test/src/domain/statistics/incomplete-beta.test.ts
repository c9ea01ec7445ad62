/** The incomplete beta function against scipy, and where it has no meaning. */
import { expect, test } from 'vitest';
import { incompleteBeta } from '../../../../src/domain/statistics/incomplete-beta.ts';

test.each([
  [0.3, 2, 5, 0.5798250000000003],
  [0.5, 10, 10, 0.5],
  [0.001, 1, 500, 0.39362105513881496],
  [0.9, 200, 3, 1.5662275621214906e-7],
  [0.37, 3700, 6300, 0.5007161394621125],
  [0.2, 0.5, 0.5, 0.2951672353008665],
  [0.5001, 5e5, 5e5, 0.5792596906690589],
])('at %d with %d and %d is what scipy.special.betainc says', (x, a, b, expected) => {
  expect(Math.abs(incompleteBeta(x, a, b) / expected - 1)).toBeLessThan(1e-8);
});

test('runs from 0 to 1', () => {
  expect(incompleteBeta(0, 2, 3)).toBe(0);
  expect(incompleteBeta(1, 2, 3)).toBe(1);
});

test.each([
  [Number.NaN, 1, 1],
  [-0.1, 1, 1],
  [1.1, 1, 1],
  [0.5, 0, 1],
  [0.5, 1, Number.NaN],
])('of %d, %d, %d is refused', (x, a, b) => {
  expect(() => incompleteBeta(x, a, b)).toThrow(RangeError);
});
