/** Evidence of one bucket on a share of hits: that one sample's lies further from another's than a margin. */
import { countTimesLogRatio } from './log-domain.ts';
import { type NullLine, projectOnLine, type RatePair, type Samples, treatedOnLine } from './null-projection.ts';

export interface HitCounts {
  readonly hits: number;
  readonly of: number;
}

export type HitsOfSamples = Samples<HitCounts>;

/**
 * A shift to look for: the treated share lies `extra` beyond the edge of what is tolerated, `margin` above the
 * control's.
 */
export interface Shift {
  readonly margin: number;
  readonly extra: number;
}

/** Where little room is left below 1, the alternative takes at most this part of it. */
export const MOST_OF_ROOM = 0.9;

/**
 * ln S, where S is the likelihood ratio of the predicted rates against their projection on the null.
 *
 * E[S] <= 1 for every pair of rates in the null and any counts, as long as the prediction uses earlier buckets only
 * (Turner, Ly & Grünwald, arXiv 2106.02693; strata: arXiv 2302.11401). Zero where a sample is empty or the null's edge
 * leaves the unit square. `predicted` must lie outside the null.
 */
export function logShareEvidence(seen: HitsOfSamples, predicted: RatePair, line: NullLine): number {
  const { treated, control } = seen;
  if (treated.of === 0 || control.of === 0) return 0;
  const nearest = projectOnLine(predicted, { treated: treated.of, control: control.of }, line);
  if (!nearest) return 0;
  return ofSample(treated, predicted.treated, nearest.treated) + ofSample(control, predicted.control, nearest.control);
}

function ofSample({ hits, of }: HitCounts, predicted: number, nearest: number): number {
  return countTimesLogRatio(hits, predicted, nearest) + countTimesLogRatio(of - hits, 1 - predicted, 1 - nearest);
}

/** ln S against "the treated share is at most `margin` above the control's", `control` the predicted share. */
export function moreHits(seen: HitsOfSamples, control: number, shift: Shift): number {
  const line = lineOf(shift);
  const predicted = sharesUnder(control, shift);
  return predicted ? logShareEvidence(seen, predicted, line) : 0;
}

/** The same for a share that is at most `margin` below the control's: fewer hits are more misses. */
export function fewerHits(seen: HitsOfSamples, control: number, shift: Shift): number {
  return moreHits(missesOf(seen), 1 - control, shift);
}

/**
 * ln S against "the treated share is at least `margin` above the control's", if both are as predicted; 0 without a
 * margin.
 */
export function notMoreHits(seen: HitsOfSamples, share: number, margin: number): number {
  return margin > 0 ? logShareEvidence(seen, { treated: share, control: share }, { ratio: 1, offset: margin }) : 0;
}

/** Expected ln S per bucket of these sizes if the shift is true: the Kullback-Leibler distance to the null. */
export function expectedMoreHits(n: Samples<number>, control: number, shift: Shift): number {
  const predicted = sharesUnder(control, shift);
  if (!predicted) return 0;
  const expected = (of: number, rate: number): HitCounts => ({ hits: of * rate, of });
  const seen = {
    treated: expected(n.treated, predicted.treated),
    control: expected(n.control, predicted.control),
  };
  return logShareEvidence(seen, predicted, lineOf(shift));
}

export function missesOf({ treated, control }: HitsOfSamples): HitsOfSamples {
  return { treated: misses(treated), control: misses(control) };
}

function misses({ hits, of }: HitCounts): HitCounts {
  return { hits: of - hits, of };
}

function lineOf({ margin }: Shift): NullLine {
  return { ratio: 1, offset: margin };
}

/** Null where the margin already reaches certainty. */
function sharesUnder(control: number, shift: Shift): RatePair | null {
  const edge = treatedOnLine(lineOf(shift), control);
  if (edge >= 1) return null;
  return { treated: edge + Math.min(shift.extra, MOST_OF_ROOM * (1 - edge)), control };
}
