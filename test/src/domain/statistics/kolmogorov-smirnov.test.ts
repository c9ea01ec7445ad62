/** The exact test against `scipy.stats.ks_2samp(method="exact")` and against enumeration of every order. */
import { expect, test } from 'vitest';
import { kolmogorovSmirnov } from '../../../../src/domain/statistics/kolmogorov-smirnov.ts';

const grid = (size: number, power: number) =>
  Array.from({ length: size }, (_, index) => ((index + 0.5) / size) ** power);

test.each([
  [3, 3, 1.5, 0.3333333333333333, 1],
  [5, 8, 2, 0.375, 0.6837606837606838],
  [200, 200, 1.15, 0.055, 0.9238374197330625],
  [1000, 700, 1.2, 0.06814285714285714, 0.04149149474686208],
  [9000, 1000, 1.1, 0.035555555555555556, 0.2014149467133314],
  [5000, 5000, 1.5, 0.1482, 2.7362123610785637e-48],
])('an even grid of %d values against one of %d, bent by %d', (m, n, power, statistic, pValue) => {
  const found = kolmogorovSmirnov(grid(m, 1), grid(n, power));
  expect(found.statistic).toBeCloseTo(statistic, 12);
  expect(Math.abs(found.pValue / pValue - 1)).toBeLessThan(1e-8);
});

test('ties are counted on both sides before the distance is taken', () => {
  const { statistic, pValue } = kolmogorovSmirnov([1, 1, 2, 2, 2, 3], [2, 3, 3, 3, 4]);
  expect(statistic).toBeCloseTo(0.6333333333333333, 12);
  expect(pValue).toBeCloseTo(0.17748917748917747, 12);
});

test('equal samples have a p-value of 1, and an empty one is refused', () => {
  expect(kolmogorovSmirnov([1, 2, 3], [1, 2, 3])).toEqual({ statistic: 0, pValue: 1 });
  expect(() => kolmogorovSmirnov([], [1])).toThrow(RangeError);
});

test.each([
  [3, 4],
  [4, 4],
  [2, 6],
])('samples of %d and %d: the p-value is the share of all orders with at least that distance', (m, n) => {
  const distances = orders(m, n).map((isLeft) => {
    const left = isLeft.flatMap((own, index) => (own ? [index] : []));
    const right = isLeft.flatMap((own, index) => (own ? [] : [index]));
    return { left, right, statistic: kolmogorovSmirnov(left, right).statistic };
  });
  for (const { left, right, statistic } of distances) {
    const share = distances.filter((other) => other.statistic >= statistic - 1e-12).length / distances.length;
    expect(kolmogorovSmirnov(left, right).pValue).toBeCloseTo(share, 12);
  }
});

/** Every way to choose which places belong to the left sample. */
function orders(m: number, n: number): readonly (readonly boolean[])[] {
  if (m === 0) return [Array(n).fill(false)];
  if (n === 0) return [Array(m).fill(true)];
  const first = orders(m - 1, n).map((rest) => [true, ...rest]);
  return [...first, ...orders(m, n - 1).map((rest) => [false, ...rest])];
}
