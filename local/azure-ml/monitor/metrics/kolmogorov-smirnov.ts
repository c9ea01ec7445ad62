/**
 * Exact p-value of the two-sided two-sample Kolmogorov-Smirnov test, as scipy.stats.ks_2samp gives it below 10,000 rows.
 *
 * Every order of the pooled rows is a path through a grid of reference and production rows; the p-value is the share of the
 * paths that stray at least as far from the diagonal as the observed one (J. L. Hodges, "The significance probability of the
 * Smirnov two-sample test", 1958). Only shares are added, so small p-values lose no digits.
 */

/** Azure ML refuses the test from this many rows on. */
export const KS_MAX_ROWS = 10_000;

export function kolmogorovSmirnovPValue(reference: readonly number[], production: readonly number[]): number {
  const [rows, columns] = [reference.length, production.length];
  const gap = largestGap(reference, production);
  if (gap === 0) return 1;
  // chance[j]: share of the paths to (row, j) that have strayed.
  const chance = new Float64Array(columns + 1);
  for (let row = 0; row <= rows; row += 1) {
    for (let column = 0; column <= columns; column += 1) {
      const hasStrayed = Math.abs(row * columns - column * rows) >= gap;
      chance[column] = hasStrayed ? 1 : mixed(chance, row, column);
    }
  }
  return chance[columns] ?? 1;
}

/** A path to (row, column) came from the row before with a probability of row / (row + column). */
function mixed(chance: Float64Array, row: number, column: number): number {
  if (row + column === 0) return 0;
  const fromRow = row / (row + column);
  return fromRow * (chance[column] ?? 0) + (1 - fromRow) * (chance[column - 1] ?? 0);
}

/** The statistic times both numbers of rows: a whole number, so that comparing is exact. */
function largestGap(reference: readonly number[], production: readonly number[]): number {
  const [a, b] = [Float64Array.from(reference).sort(), Float64Array.from(production).sort()];
  let [i, j, gap] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const here = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && (a[i] ?? 0) <= here) i += 1;
    while (j < b.length && (b[j] ?? 0) <= here) j += 1;
    gap = Math.max(gap, Math.abs(i * b.length - j * a.length));
  }
  return gap;
}
