import { describe, expect, test } from 'vitest';
import { chiSquaredPValue } from '../../../../local/azure-ml/monitor/metrics/chi-squared.ts';
import {
  dataTypeErrorRate,
  nullValueRate,
  outOfBoundsRate,
} from '../../../../local/azure-ml/monitor/metrics/data-quality.ts';
import { binCounts, categoryCounts } from '../../../../local/azure-ml/monitor/metrics/histograms.ts';
import { upperGamma } from '../../../../local/azure-ml/monitor/metrics/incomplete-gamma.ts';
import { jensenShannonDistance } from '../../../../local/azure-ml/monitor/metrics/jensen-shannon.ts';
import { kolmogorovSmirnovPValue } from '../../../../local/azure-ml/monitor/metrics/kolmogorov-smirnov.ts';
import { populationStabilityIndex } from '../../../../local/azure-ml/monitor/metrics/population-stability.ts';
import {
  normalizedWassersteinDistance,
  wassersteinDistance,
} from '../../../../local/azure-ml/monitor/metrics/wasserstein.ts';

const A = [3.1, 4.2, 5.0, 5.5, 6.1, 2.2, 4.8, 5.9, 7.3, 4.4, 3.9, 5.2];
const B = [6.0, 7.1, 5.8, 8.2, 6.6, 7.7, 9.0, 5.1, 4.9, 8.8];
/** The same pseudo-random numbers as in the script that scipy's values come from. */
const series = (count: number, factor: number) =>
  Array.from({ length: count }, (_, index) => (((index + 1) * factor) % 1000) / 10);
const X = series(300, 7919);
const Y = series(200, 6101).map((value) => value * 1.3 + 5);
const CARRIERS = { reference: [50, 30, 20], production: [30, 35, 15] };

describe('drift metrics agree with scipy 1.17.1', () => {
  test('equal-width bins by the rule of Sturges for the smaller set', () => {
    expect(binCounts(A, B)).toEqual({ reference: [2, 4, 5, 1, 0], production: [0, 1, 3, 2, 4] });
  });

  test('Jensen-Shannon distance in base 2', () => {
    expect(jensenShannonDistance(binCounts(A, B))).toBeCloseTo(0.596551874877479, 14);
    const withNew = { reference: [50, 30, 20, 0], production: [30, 35, 10, 5] };
    expect(jensenShannonDistance(withNew)).toBeCloseTo(0.23089424598775413, 14);
  });

  test('population stability index with one added to each count', () => {
    expect(populationStabilityIndex(binCounts(A, B))).toBeCloseTo(0.7781361474846491, 14);
  });

  test('Wasserstein distance, plain and in standard deviations of the reference', () => {
    expect(wassersteinDistance(A, B)).toBeCloseTo(2.12, 13);
    expect(normalizedWassersteinDistance(A, B)).toBeCloseTo(1.5409616868270841, 13);
    expect(wassersteinDistance(X, Y)).toBeCloseTo(19.78166666666667, 10);
  });

  test('exact p-value of the two-sample Kolmogorov-Smirnov test, small ones and ties included', () => {
    expect(kolmogorovSmirnovPValue(A, B)).toBeCloseTo(0.048886098421702134, 14);
    expect(kolmogorovSmirnovPValue(X, Y) / 1.499899201127658e-8).toBeCloseTo(1, 9);
    const ties = X.map(Math.floor);
    const shifted = (count: number, by: number) => series(count, 6101).map((value) => Math.floor(value + by));
    expect(kolmogorovSmirnovPValue(ties, shifted(300, 2))).toBeCloseTo(0.9999324508116627, 12);
    expect(kolmogorovSmirnovPValue(ties, shifted(200, 8))).toBeCloseTo(0.3381632532756778, 12);
  });

  test('Pearson chi-squared against the shares of the reference', () => {
    expect(chiSquaredPValue(CARRIERS)).toBeCloseTo(0.02232421459545112, 14);
  });

  test.each([
    [1, 3.84, 0.05004352124870519],
    [5, 0.3, 0.9976430862605289],
    [9, 21.6, 0.010236918305430536],
    [40, 90, 1.0237046441079137e-5],
    [200, 150, 0.996647558501813],
  ])('upper tail of chi-squared with %d degrees at %d', (degrees, statistic, expected) => {
    expect(upperGamma(degrees / 2, statistic / 2) / expected).toBeCloseTo(1, 11);
  });
});

describe('at the edges', () => {
  test('equal sets show no drift', () => {
    expect(jensenShannonDistance(binCounts(A, A))).toBe(0);
    expect(populationStabilityIndex(binCounts(A, A))).toBe(0);
    expect(normalizedWassersteinDistance(A, A)).toBe(0);
    expect(kolmogorovSmirnovPValue(A, A)).toBe(1);
    expect(chiSquaredPValue({ reference: [2, 4], production: [1, 2] })).toBe(1);
  });

  test('disjoint sets are as far apart as can be', () => {
    const counts = categoryCounts(['a', 'a'], ['b']);
    expect(counts).toEqual({ reference: [2, 0], production: [0, 1] });
    expect(jensenShannonDistance(counts)).toBe(1);
    expect(chiSquaredPValue(counts)).toBe(0);
    expect(kolmogorovSmirnovPValue([1, 2, 3], [4, 5, 6])).toBeCloseTo(0.1, 14);
  });

  test('constant columns make one bin, and their Wasserstein distance divides by 0.001 at least', () => {
    expect(binCounts([5, 5], [5])).toEqual({ reference: [2], production: [1] });
    expect(normalizedWassersteinDistance([5, 5], [6])).toBe(1000);
    expect(chiSquaredPValue({ reference: [3], production: [4] })).toBe(1);
  });

  test('a value on an edge belongs to the upper bin, the largest one to the last', () => {
    const eight = [0, 1, 2, 3, 4, 5, 6, 8];
    expect(binCounts(eight, eight).reference).toEqual([2, 2, 2, 2]);
  });
});

describe('data quality', () => {
  test('counts nulls, values of another type and values out of bounds, with five decimals', () => {
    expect(nullValueRate([null, 1, 2])).toBe(0.33333);
    expect(dataTypeErrorRate([1, 2], ['x', '3', null, 4])).toBe(0.25);
    expect(dataTypeErrorRate([true], ['yes', 'True', false])).toBe(0.33333);
    expect(dataTypeErrorRate(['a'], [1, true])).toBe(0);
    expect(outOfBoundsRate([1, 5], [0, 1, 6, null], true)).toBe(0.5);
    expect(outOfBoundsRate(['a', 'b'], ['a', 'c', null], false)).toBe(0.33333);
    expect(nullValueRate([])).toBe(0);
  });
});
