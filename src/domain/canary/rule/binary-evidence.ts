/** Evidence of one bucket on a yes-or-no outcome (errors, exceedances, conversions) against a null with a margin. */
import { countTimesLogRatio } from './log-domain.ts';
import { type NullLine, projectOnLine, type RatePair } from './null-projection.ts';

export interface HitCounts {
  readonly hits: number;
  readonly of: number;
}

export interface HitsOfArms {
  readonly green: HitCounts;
  readonly blue: HitCounts;
}

/**
 * ln S, where S is the likelihood ratio of the predicted rates against their projection on the null: E[S] <= 1 for every
 * pair of rates in the null and any counts, as long as the prediction uses earlier buckets only (Turner, Ly & Grünwald,
 * arXiv 2106.02693; strata: arXiv 2302.11401). Zero where an arm is empty or the null's edge leaves the unit square.
 * `predicted` must lie outside the null.
 */
export function logBinaryEvidence(seen: HitsOfArms, predicted: RatePair, line: NullLine): number {
  const { green, blue } = seen;
  if (green.of === 0 || blue.of === 0) return 0;
  const nearest = projectOnLine(predicted, { green: green.of, blue: blue.of }, line);
  if (!nearest) return 0;
  return ofArm(green, predicted.green, nearest.green) + ofArm(blue, predicted.blue, nearest.blue);
}

function ofArm({ hits, of }: HitCounts, predicted: number, nearest: number): number {
  return countTimesLogRatio(hits, predicted, nearest) + countTimesLogRatio(of - hits, 1 - predicted, 1 - nearest);
}

/** Expected ln S per bucket of these sizes if the predicted rates are true: the Kullback-Leibler distance to the null. */
export function expectedBinaryEvidence(n: RatePair, predicted: RatePair, line: NullLine): number {
  const expected = (of: number, rate: number): HitCounts => ({ hits: of * rate, of });
  return logBinaryEvidence(
    { green: expected(n.green, predicted.green), blue: expected(n.blue, predicted.blue) },
    predicted,
    line,
  );
}
