/** Chooses how surely a difference in loss can be bounded from above, and says so; none is better than a wrong one. */
import { bootstrapBound, momentsOf, RESAMPLES } from './bootstrap-bound.ts';
import { discordanceBound } from './discordance-bound.ts';
import { johnsonBound } from './johnson-bound.ts';
import type { LossSample } from './loss-sample.ts';
import type { PairedLoss } from './paired-loss.ts';

export type GateBound =
  | {
      readonly method: 'exact';
      readonly upper: number;
      /** Rows that one of the two gets wrong, and those of them that only the challenger does. */
      readonly discordant: number;
      readonly worse: number;
    }
  | {
      readonly method: 'bootstrap-t';
      readonly upper: number;
      readonly resamples: number;
      readonly seed: number;
      /** Resamples in which nothing varied. */
      readonly degenerate: number;
    }
  | { readonly method: 'moments'; readonly upper: number }
  | { readonly method: 'none'; readonly upper: null; readonly reason: string };

/** Above it moments do as well, and 2,000 resamples would take seconds. */
const BOOTSTRAP_ROWS = 20_000;
/** Rows whose difference is another than the commonest one: with fewer, no approximation by sums holds. */
const LEAST_DIFFERING = 30;
/** Differences that are closer than this part of the losses differ by how they were calculated. */
const ROUNDING = 1e-9;
const TOO_LARGE = 'the differences are too large to be calculated with';

/** From rows. The studentised bootstrap never claims more than the moments do. */
export function boundOfRows(sample: LossSample, confidence: number, seed: number): GateBound {
  const { rows, differences, worse, better, isZeroOne } = sample;
  if (isZeroOne) {
    const upper = discordanceBound({ rows, worse, better }, confidence);
    return { method: 'exact', upper, discordant: worse + better, worse };
  }
  const differing = rows - commonest(differences, ROUNDING * scaleOf(sample));
  if (differing < LEAST_DIFFERING) {
    const reason = `the difference is another than the usual one in ${differing} rows, and ${LEAST_DIFFERING} are needed`;
    return none(reason);
  }
  const { mean, variance, skewness } = momentsOf(differences);
  const moments = { rows, differenceMean: mean, differenceVariance: variance, differenceSkewness: skewness };
  const byMoments = johnsonBound(moments, confidence);
  if (!Number.isFinite(byMoments)) return none(TOO_LARGE);
  if (rows > BOOTSTRAP_ROWS) return { method: 'moments', upper: byMoments };
  const { upper, degenerate } = bootstrapBound(differences, confidence, seed);
  if (!Number.isFinite(upper)) return none('too few rows differ for the bootstrap');
  return { method: 'bootstrap-t', upper: Math.max(upper, byMoments), resamples: RESAMPLES, seed, degenerate };
}

/** From what a job logged of its rows. Nothing is known of rows that were not seen when none differs from another. */
export function boundOfMoments(loss: PairedLoss, confidence: number): GateBound {
  if (!(Math.sqrt(loss.differenceVariance) > ROUNDING * scaleOf(loss))) {
    return none('all rows have the same difference, of which no spread can be learnt');
  }
  const upper = johnsonBound(loss, confidence);
  return Number.isFinite(upper) ? { method: 'moments', upper } : none(TOO_LARGE);
}

function scaleOf({ championLoss, challengerLoss }: Pick<PairedLoss, 'championLoss' | 'challengerLoss'>): number {
  return Math.abs(championLoss) + Math.abs(challengerLoss);
}

function none(reason: string): GateBound {
  return { method: 'none', upper: null, reason };
}

/** The most rows whose differences lie within `width`; `differences` ascending. */
function commonest(differences: Float64Array, width: number): number {
  let most = 0;
  let start = 0;
  differences.forEach((difference, index) => {
    while (difference - (differences[start] ?? difference) > width) start += 1;
    most = Math.max(most, index - start + 1);
  });
  return most;
}
