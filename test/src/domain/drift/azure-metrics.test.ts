/** The numbers that the studio shows, against numpy and scipy on the same literal samples. */
import { expect, test } from 'vitest';
import { azureCategoricalMetrics } from '../../../../src/domain/drift/azure-categorical.ts';
import { azureNumericMetrics, countsBetween, equalWidthEdges } from '../../../../src/domain/drift/azure-numeric.ts';
import { compareDatasets } from '../../../../src/domain/drift/compare-datasets.ts';
import { collectDataset, type FeatureKind } from '../../../../src/domain/drift/dataset-summary.ts';
import {
  collectNumeric,
  MAX_EXACT_VALUES,
  mergeNumeric,
  weightedValues,
} from '../../../../src/domain/drift/numeric-summary.ts';
import { BIN_PRECISION } from '../../../../src/domain/drift/value-bins.ts';

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
  expect(azureNumericMetrics(summaryOf([5, 5, 5]), summaryOf([5, 5]))).toEqual({
    jensenShannonDistance: 0,
    populationStabilityIndex: 0,
    normalizedWassersteinDistance: 0,
    twoSampleKolmogorovSmirnovTest: 1,
    isExact: true,
  });
  const other = azureNumericMetrics(summaryOf([5, 5, 5]), summaryOf([6, 6]));
  expect(other.jensenShannonDistance).toBeCloseTo(1, 12);
  expect(other.populationStabilityIndex).toBeCloseTo(1.3666986573834004, 12);
  expect(other.normalizedWassersteinDistance).toBeCloseTo(1000, 9);
  expect(other.twoSampleKolmogorovSmirnovTest).toBeCloseTo(0.2, 12);
});

test('one other value beside a constant counts over the least deviation', () => {
  const constant = Array.from({ length: 40 }, () => 5);
  const metrics = azureNumericMetrics(summaryOf(constant), summaryOf([...constant.slice(1), 9]));
  expect(metrics.jensenShannonDistance).toBeCloseTo(0.11231268990696475, 12);
  expect(metrics.populationStabilityIndex).toBeCloseTo(0.015273187088304612, 12);
  expect(metrics.normalizedWassersteinDistance).toBeCloseTo(100, 9);
  expect(metrics.twoSampleKolmogorovSmirnovTest).toBeCloseTo(1, 12);
});

test('values that many rows share are counted together', () => {
  const metrics = azureNumericMetrics(summaryOf([1, 1, 2, 2, 3, 3, 4]), summaryOf([2, 3, 3, 4, 4, 4]));
  expect(metrics.jensenShannonDistance).toBeCloseTo(0.4810451948583291, 12);
  expect(metrics.populationStabilityIndex).toBeCloseTo(0.3704807880272553, 12);
  expect(metrics.normalizedWassersteinDistance).toBeCloseTo(0.9415130835240082, 12);
  expect(metrics.twoSampleKolmogorovSmirnovTest).toBeCloseTo(0.5279720279720281, 12);
});

/** `size` values, evenly spread from scale on to twice that, without the end. */
const grid = (size: number, scale: number) => Array.from({ length: size }, (_, index) => scale * (1 + index / size));

test('from 10,000 rows on there is no Kolmogorov-Smirnov test, and the distance is within half a per mille of the values', () => {
  const [few, many] = [summaryOf(grid(9000, 1)), summaryOf(grid(MAX_EXACT_VALUES, 1.3))];
  expect(many.values).toBeNull();
  const metrics = azureNumericMetrics(few, many);
  expect(metrics).toMatchObject({ isExact: false, twoSampleKolmogorovSmirnovTest: null });
  const [meanOfFew, meanOfMany] = [1.5 - 1 / 18_000, 1.3 * (1.5 - 1 / 20_000)];
  const deviation = Math.sqrt((9000 + 1) / (12 * 9000));
  const error = metrics.normalizedWassersteinDistance - (meanOfMany - meanOfFew) / deviation;
  expect(Math.abs(error)).toBeLessThan((BIN_PRECISION * (meanOfFew + meanOfMany)) / deviation);
  expect(Math.abs(metrics.jensenShannonDistance - 0.5931004125017985)).toBeLessThan(0.002);
  expect(Math.abs(metrics.populationStabilityIndex - 4.435851317549103)).toBeLessThan(0.01);
});

test('the test is refused when either side has 10,000 rows, also when parts made them', () => {
  const test = (baseline: readonly number[], production: readonly number[]) => {
    const merged = (values: readonly number[]) =>
      mergeNumeric(summaryOf(values.slice(0, 5000)), summaryOf(values.slice(5000)));
    return azureNumericMetrics(merged(baseline), merged(production)).twoSampleKolmogorovSmirnovTest;
  };
  const [most, tooMany, some] = [grid(9999, 1), grid(10_000, 1), grid(50, 1.1)];
  expect(test(most, some)).toBeCloseTo(0.06959764535895863, 9);
  expect(test(some, most)).toBeCloseTo(0.06959764535895863, 9);
  expect(test(tooMany, some)).toBeNull();
  expect(test(some, tooMany)).toBeNull();
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

test('a category that only production has counts with none in the baseline', () => {
  const metrics = azureCategoricalMetrics({ A: 50, B: 30, C: 20 }, { A: 40, B: 35, C: 15, Z: 10 });
  expect(metrics.jensenShannonDistance).toBeCloseTo(0.24080994028321437, 12);
  expect(metrics.populationStabilityIndex).toBeCloseTo(0.27181553495631644, 12);
  expect(metrics.pearsonsChiSquaredTest).toBe(0);
});

test('a category that production has no more counts with none there', () => {
  const metrics = azureCategoricalMetrics({ A: 50, B: 30, C: 20 }, { A: 55, B: 45 });
  expect(metrics.jensenShannonDistance).toBeCloseTo(0.33429418027801117, 12);
  expect(metrics.populationStabilityIndex).toBeCloseTo(0.6531834167435128, 12);
  expect(metrics.pearsonsChiSquaredTest).toBeCloseTo(8.31528719103568e-7, 15);
});

function categories(values: readonly unknown[], kind: FeatureKind = 'categorical') {
  const collector = collectDataset({ x: kind });
  for (const x of values) collector.add({ x });
  return collector.summary();
}

test('missing categories leave the numbers as they are', () => {
  const [before, now] = [
    ['A', 'A', 'B', 'C'],
    ['A', 'B', 'B'],
  ];
  const azure = (left: readonly unknown[], right: readonly unknown[]) =>
    compareDatasets(categories(left), categories(right), { minRows: 1 }).features[0]?.azure;
  expect(azure([null, ...before], [...now, undefined, null])).toEqual(azure(before, now));
  expect(azure(before, now)).toEqual(azureCategoricalMetrics({ A: 2, B: 1, C: 1 }, { A: 1, B: 2 }));
});

test.each<[FeatureKind, unknown]>([
  ['numerical', 1],
  ['categorical', 'A'],
])('a %s feature without a value on either side has no numbers', (kind, value) => {
  const [some, none] = [categories([value, value], kind), categories([null, null], kind)];
  for (const [left, right] of [[some, none] as const, [none, some] as const, [none, none] as const]) {
    expect(compareDatasets(left, right, { minRows: 1 }).features[0]?.azure).toBeNull();
  }
});
