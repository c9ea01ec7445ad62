/**
 * The numbers that Azure ML model monitoring shows for a numeric feature.
 *
 * Bins are equally wide over both samples together, ceil(log2(n) + 1) of them with n the smaller size; a constant column
 * has one bin. Source: "Azure Machine Learning model monitoring"; azureml-assets, model monitoring components.
 * They are exact while the samples are kept (NumericSummary.values). Beyond that each value is known within 0.05 %:
 * the Wasserstein distance is off by at most that much of the mean magnitudes, and rows as close to an edge may be counted
 * beside it, which bounds nothing where many rows share such a value.
 */
import { kolmogorovSmirnov } from '../statistics/kolmogorov-smirnov.ts';
import { jensenShannonDistance, stabilityIndex } from './divergence.ts';
import { comparableValues, type NumericSummary, standardDeviation, type WeightedValue } from './numeric-summary.ts';

export interface AzureNumericMetrics {
  readonly jensenShannonDistance: number;
  readonly populationStabilityIndex: number;
  readonly normalizedWassersteinDistance: number;
  /** A p-value; null from 10,000 rows on, where Azure refuses the test. */
  readonly twoSampleKolmogorovSmirnovTest: number | null;
  /** False when values were known by their bins only. */
  readonly isExact: boolean;
}

const SMOOTHING = 1;
const LEAST_DEVIATION = 0.001;

/** Neither may be empty. */
export function azureNumericMetrics(baseline: NumericSummary, production: NumericSummary): AzureNumericMetrics {
  const [before, now] = comparableValues(baseline, production);
  const edges = equalWidthEdges(baseline, production);
  const [left, right] = [countsBetween(before, edges), countsBetween(now, edges)];
  const isExact = baseline.values !== null && production.values !== null;
  return {
    jensenShannonDistance: jensenShannonDistance(left, right),
    populationStabilityIndex: stabilityIndex(left, right, SMOOTHING),
    normalizedWassersteinDistance:
      wassersteinDistance(before, now) / Math.max(standardDeviation(baseline), LEAST_DEVIATION),
    twoSampleKolmogorovSmirnovTest: isExact
      ? kolmogorovSmirnov(
          before.map(({ value }) => value),
          now.map(({ value }) => value),
        ).pValue
      : null,
    isExact,
  };
}

/** The inner edges between the bins; none for a constant column, which has one bin. */
export function equalWidthEdges(baseline: NumericSummary, production: NumericSummary): readonly number[] {
  const min = Math.min(baseline.min ?? 0, production.min ?? 0);
  const max = Math.max(baseline.max ?? 0, production.max ?? 0);
  if (min === max) return [];
  const bins = Math.ceil(Math.log2(Math.min(baseline.count, production.count)) + 1);
  return Array.from({ length: bins - 1 }, (_, index) => min + ((index + 1) * (max - min)) / bins);
}

/** A value on an edge belongs to the bin above it. Values sorted. */
export function countsBetween(values: readonly WeightedValue[], edges: readonly number[]): readonly number[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  let bin = 0;
  for (const { value, count } of values) {
    while (bin < edges.length && value >= (edges[bin] ?? 0)) bin += 1;
    counts[bin] = (counts[bin] ?? 0) + count;
  }
  return counts;
}

/** Area between the two distribution functions. Both sorted. */
function wassersteinDistance(left: readonly WeightedValue[], right: readonly WeightedValue[]): number {
  const total = (values: readonly WeightedValue[]) => values.reduce((sum, { count }) => sum + count, 0);
  const [ofLeft, ofRight] = [total(left), total(right)];
  const steps = [
    ...left.map(({ value, count }) => ({ value, step: count / ofLeft })),
    ...right.map(({ value, count }) => ({ value, step: -count / ofRight })),
  ].sort((a, b) => a.value - b.value);
  let [area, difference, at] = [0, 0, steps[0]?.value ?? 0];
  for (const { value, step } of steps) {
    area += Math.abs(difference) * (value - at);
    difference += step;
    at = value;
  }
  return area;
}
