/**
 * The bound from moments alone: mean + quantile * standard error, with Student's quantile and Johnson's correction for
 * skewness (N. J. Johnson: "Modified t tests and confidence intervals for asymmetrical populations", JASA 73, 1978).
 */
import { normalQuantile } from '../statistics/normal-quantile.ts';

export interface DifferenceMoments {
  readonly rows: number;
  readonly differenceMean: number;
  /** With the divisor n - 1. */
  readonly differenceVariance: number;
  /** Third standardised moment. */
  readonly differenceSkewness: number;
}

/** Above the true mean difference with about the chance of `confidence`; the error shrinks with 1 / rows. */
export function johnsonBound(moments: DifferenceMoments, confidence: number): number {
  const { rows, differenceMean, differenceVariance, differenceSkewness } = moments;
  const deviation = Math.sqrt(differenceVariance);
  const quantile = studentQuantile(1 - confidence, rows - 1);
  const skewness = (differenceSkewness * deviation * (1 + 2 * quantile * quantile)) / (6 * rows);
  return differenceMean + skewness + (quantile * deviation) / Math.sqrt(rows);
}

/** Upper quantile of Student's distribution by its expansion in 1 / degrees (Abramowitz and Stegun 26.7.5); for 199 and more. */
function studentQuantile(tail: number, degrees: number): number {
  const z = normalQuantile(tail);
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  return z + first / degrees + second / degrees ** 2;
}
