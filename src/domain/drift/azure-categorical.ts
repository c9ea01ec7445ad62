/** The numbers that Azure ML model monitoring shows for a categorical feature: over the union of the categories. */
import { chiSquaredTail } from '../statistics/chi-squared.ts';
import { jensenShannonDistance, stabilityIndex } from './divergence.ts';

export interface AzureCategoricalMetrics {
  readonly jensenShannonDistance: number;
  readonly populationStabilityIndex: number;
  /** A p-value: fit of production to the baseline's shares, taken as exact. */
  readonly pearsonsChiSquaredTest: number;
}

export type Counts = Readonly<Record<string, number>>;

/** Neither may be empty. */
export function azureCategoricalMetrics(baseline: Counts, production: Counts): AzureCategoricalMetrics {
  const categories = [...new Set([...Object.keys(baseline), ...Object.keys(production)])];
  const of = (counts: Counts) =>
    categories.map((category) => (Object.hasOwn(counts, category) ? (counts[category] ?? 0) : 0));
  const [left, right] = [of(baseline), of(production)];
  return {
    jensenShannonDistance: jensenShannonDistance(left, right),
    populationStabilityIndex: stabilityIndex(left, right, 1),
    pearsonsChiSquaredTest: goodnessOfFit(left, right),
  };
}

/** A category that the baseline never had is expected nowhere: one row of it leaves no doubt. */
function goodnessOfFit(baseline: readonly number[], production: readonly number[]): number {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const scale = sum(production) / sum(baseline);
  let statistic = 0;
  for (const [cell, count] of baseline.entries()) {
    const expected = count * scale;
    const seen = production[cell] ?? 0;
    if (expected === 0) return 0;
    statistic += (seen - expected) ** 2 / expected;
  }
  return baseline.length < 2 ? 1 : chiSquaredTail(statistic, baseline.length - 1);
}
