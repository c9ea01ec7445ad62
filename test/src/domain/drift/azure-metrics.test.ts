/** The numbers that the studio shows, against numpy and scipy on the same literal samples. */
import { expect, test } from 'vitest';
import { azureCategoricalMetrics } from '../../../../src/domain/drift/azure-categorical.ts';
import { azureNumericMetrics, countsBetween, equalWidthEdges } from '../../../../src/domain/drift/azure-numeric.ts';
import { collectNumeric, MAX_EXACT_VALUES, weightedValues } from '../../../../src/domain/drift/numeric-summary.ts';

const BASELINE = [
  10.0, 10.9, 9.18, 7.33, 8.64, 7.03, 10.18, 14.02, 8.52, 8.14, 11.47, 11.07, 10.32, 7.21, 9.91, 12.09, 5.97, 8.63, 4.3,
  6.13, 4.47, 9.29, 6.2, 10.81, 10.47, 9.44, 2.45, 8.38, 9.85, 10.34, 5.41, 8.57, 7.06, 7.57, 13.18, 7.58, 9.9, 12.65,
  8.25, 9.66,
];
const PRODUCTION = [
  11.44, 11.26, 6.1, 11.3, 16.44, 4.81, 14.44, 11.48, 8.43, 19.0, 14.05, 6.2, 11.3, 13.31, 10.24, 13.73, 10.73, 13.67,
  16.75, 8.3, 11.81, 9.15, 11.51, 6.25, 8.68,
];

function summaryOf(values: readonly unknown[]) {
  const collector = collectNumeric();
  for (const value of values) collector.add(value);
  return collector.summary();
}

test('a numeric feature has the bins and all four numbers of the reference implementation', () => {
  const [baseline, production] = [summaryOf(BASELINE), summaryOf(PRODUCTION)];
  const edges = equalWidthEdges(baseline, production);
  expect(countsBetween(weightedValues(baseline), edges)).toEqual([3, 10, 19, 7, 1, 0]);
  expect(countsBetween(weightedValues(production), edges)).toEqual([1, 3, 5, 9, 4, 3]);
  const metrics = azureNumericMetrics(baseline, production);
  expect(metrics.isExact).toBe(true);
  expect(metrics.jensenShannonDistance).toBeCloseTo(0.4307536984099899, 12);
  expect(metrics.populationStabilityIndex).toBeCloseTo(0.7072335278291552, 12);
  expect(metrics.normalizedWassersteinDistance).toBeCloseTo(0.9752796994683541, 12);
  expect(metrics.twoSampleKolmogorovSmirnovTest).toBeCloseTo(0.0011477180329075964, 12);
});

test('missing values take no part', () => {
  const withMissing = azureNumericMetrics(summaryOf([null, ...BASELINE, Number.NaN]), summaryOf(PRODUCTION));
  expect(withMissing).toEqual(azureNumericMetrics(summaryOf(BASELINE), summaryOf(PRODUCTION)));
});

test('a constant column has one bin and no distance, and another constant is as far as can be', () => {
  const same = azureNumericMetrics(summaryOf([5, 5, 5]), summaryOf([5, 5]));
  expect(same).toMatchObject({ jensenShannonDistance: 0, normalizedWassersteinDistance: 0 });
  const other = azureNumericMetrics(summaryOf([5, 5, 5]), summaryOf([6, 6]));
  expect(other.jensenShannonDistance).toBeCloseTo(1, 12);
  expect(other.normalizedWassersteinDistance).toBeCloseTo(1000, 9);
});

test('from 10,000 rows on there is no Kolmogorov-Smirnov test, and the distances stay within their bound', () => {
  const grid = (size: number, scale: number) => Array.from({ length: size }, (_, index) => scale * (1 + index / size));
  const [few, many] = [summaryOf(grid(9000, 1)), summaryOf(grid(MAX_EXACT_VALUES, 1.3))];
  expect(many.values).toBeNull();
  const metrics = azureNumericMetrics(few, many);
  expect(metrics).toMatchObject({ isExact: false, twoSampleKolmogorovSmirnovTest: null });
  const deviation = 1 / Math.sqrt(12);
  const trueDistance = 0.45 / deviation;
  expect(Math.abs(metrics.normalizedWassersteinDistance - trueDistance)).toBeLessThan(
    (0.01 * (1.5 + 1.95)) / deviation,
  );
});

test('a categorical feature has the three numbers of the reference implementation', () => {
  const metrics = azureCategoricalMetrics({ A: 500, B: 300, C: 200 }, { A: 450, B: 380, C: 170 });
  expect(metrics.jensenShannonDistance).toBeCloseTo(0.07232087793134746, 12);
  expect(metrics.populationStabilityIndex).toBeCloseTo(0.028874683405810377, 12);
  expect(metrics.pearsonsChiSquaredTest).toBeCloseTo(2.0166323854740204e-7, 15);
});

test('a category that the baseline never had leaves no doubt, and one lone category none either', () => {
  expect(azureCategoricalMetrics({ A: 10 }, { A: 9, Z: 1 }).pearsonsChiSquaredTest).toBe(0);
  expect(azureCategoricalMetrics({ A: 10 }, { A: 9 }).pearsonsChiSquaredTest).toBe(1);
});

test('names of object members are categories like others', () => {
  const metrics = azureCategoricalMetrics({ constructor: 5, toString: 5 }, { constructor: 5, toString: 5 });
  expect(metrics.jensenShannonDistance).toBeCloseTo(0, 12);
});
