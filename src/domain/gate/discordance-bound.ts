/** The exact bound for losses that are 0 or 1: only rows on which the two models disagree say anything. */
import { lowerShare, upperShare } from './clopper-pearson.ts';

export interface Discordance {
  readonly rows: number;
  /** Rows that only the challenger gets wrong. */
  readonly worse: number;
  /** Rows that only the champion gets wrong. */
  readonly better: number;
}

/** Most of the allowed error goes to the question that decides: whose are the rows on which they disagree. */
const SHARE_OF_WORSE = 0.8;

/**
 * Above the true difference of the two error rates with at least the chance of `confidence`, for every number of rows.
 *
 * The difference is rate * (2 * worse - 1): the rate of disagreement, and the challenger's share of it. Given any number of
 * disagreements the share exceeds its bound with chance 0.8 * tail at most, so also without the condition; the rate lies
 * beyond the one bound that the sign of (2 * share bound - 1) makes count with chance 0.2 * tail at most. If neither
 * happens, the product of the bounds is no smaller than the truth; that either happens has at most the chance of both, the
 * tail (union bound).
 */
export function discordanceBound({ rows, worse, better }: Discordance, confidence: number): number {
  const tail = 1 - confidence;
  const discordant = worse + better;
  const excess = 2 * upperShare(worse, discordant, SHARE_OF_WORSE * tail) - 1;
  const tailOfRate = (1 - SHARE_OF_WORSE) * tail;
  const rate = excess < 0 ? lowerShare(discordant, rows, tailOfRate) : upperShare(discordant, rows, tailOfRate);
  return rate * excess;
}
