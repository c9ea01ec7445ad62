/**
 * The exact two-sample Kolmogorov-Smirnov test (two-sided).
 *
 * Under the null every order of the two samples is equally likely: a walk over the sorted values, one step along the one
 * or the other sample. The p-value is the chance that such a walk ever leaves the band of distances below the one seen;
 * it is summed over the cells where walks leave, so that small values keep their digits. With ties it is conservative,
 * as in `scipy.stats.ks_2samp` with `method="exact"`.
 */

export interface KolmogorovSmirnov {
  /** Largest distance of the two empirical distributions, 0-1. */
  readonly statistic: number;
  readonly pValue: number;
}

/** Both samples sorted, without NaN and not empty. Costs time in proportion to the band, at most the product of the sizes. */
export function kolmogorovSmirnov(left: readonly number[], right: readonly number[]): KolmogorovSmirnov {
  if (left.length === 0 || right.length === 0) throw new RangeError('Both samples of a test need a value.');
  const distance = largestDistance(left, right);
  const statistic = distance / (left.length * right.length);
  return { statistic, pValue: distance === 0 ? 1 : chanceToReach(distance, left.length, right.length) };
}

/** The distance times both sizes, which is a whole number. */
function largestDistance(left: readonly number[], right: readonly number[]): number {
  let [i, j, largest] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const value = Math.min(left[i] ?? 0, right[j] ?? 0);
    while (i < left.length && (left[i] ?? 0) <= value) i += 1;
    while (j < right.length && (right[j] ?? 0) <= value) j += 1;
    largest = Math.max(largest, Math.abs(i * right.length - j * left.length));
  }
  return largest;
}

/** Walks column by column; `inside[j]` is the chance to be at (i, j) without having left the band. */
function chanceToReach(distance: number, m: number, n: number): number {
  let inside = new Float64Array(n + 1);
  let next = new Float64Array(n + 1);
  let outside = 0;
  for (let i = 0; i <= m; i += 1) {
    const first = Math.max(0, Math.floor(((i - 1) * n - distance) / m));
    const last = Math.min(n, Math.ceil((i * n + distance) / m));
    // The band only moves up: what lies below it is never read again.
    if (first > 0) next[first - 1] = 0;
    for (let j = first; j <= last; j += 1) {
      const chance = arrival(i, j, m, n, inside[j] ?? 0, next[j - 1] ?? 0);
      const hasLeft = Math.abs(i * n - j * m) >= distance;
      if (hasLeft) outside += chance;
      next[j] = hasLeft ? 0 : chance;
    }
    [inside, next] = [next, inside];
  }
  return Math.min(1, outside);
}

/** From the left by a step of the first sample, from below by one of the second, each as likely as what is left of it. */
function arrival(i: number, j: number, m: number, n: number, fromLeft: number, fromBelow: number): number {
  if (i === 0 && j === 0) return 1;
  const left = m + n - i - j + 1;
  const along = i > 0 ? fromLeft * ((m - i + 1) / left) : 0;
  return along + (j > 0 ? fromBelow * ((n - j + 1) / left) : 0);
}
