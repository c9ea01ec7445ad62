/** Pearson's test of a two-row table: both samples are samples, unlike in the fit to a baseline that is taken as exact. */
import type { Counts } from '../../../src/domain/drift/azure-categorical.ts';
import { chiSquaredTail } from '../../../src/domain/statistics/chi-squared.ts';

/** The p-value of `scipy.stats.chi2_contingency` without correction; 1 for fewer than two categories. */
export function contingencyPValue(left: Counts, right: Counts): number {
  const [before, now] = [new Map(Object.entries(left)), new Map(Object.entries(right))];
  const categories = [...new Set([...before.keys(), ...now.keys()])];
  if (categories.length < 2) return 1;
  const rows = [before, now].map((counts) => categories.map((category) => counts.get(category) ?? 0));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const all = sum(rows.map(sum));
  let statistic = 0;
  for (const row of rows) {
    const share = sum(row) / all;
    for (const [at, seen] of row.entries()) {
      const expected = share * sum(rows.map((each) => each[at] ?? 0));
      statistic += (seen - expected) ** 2 / expected;
    }
  }
  return chiSquaredTail(statistic, categories.length - 1);
}
