/** The losses that the metric of outcomes looks for, and the evidence of one bucket on them: as shares or as means. */
import { predictedRate } from '../../../evidence/fading-rate.ts';
import { lowerMeans, notLowerMean } from '../../../evidence/mean-evidence.ts';
import type { Samples } from '../../../evidence/null-projection.ts';
import {
  type HitCounts,
  type HitsOfSamples,
  MOST_OF_ROOM,
  missesOf,
  moreHits,
  notMoreHits,
} from '../../../evidence/share-evidence.ts';
import { spreadOf, type ValueSums } from '../../../evidence/value-sums.ts';
import type { OutcomesOfArms } from './outcome-buckets.ts';
import type { OutcomePolicy } from './outcome-value.ts';
import { isShare } from './outcome-value.ts';

export interface OutcomeLoss {
  /** Loss beyond the margin in standard deviations of one of blue's values. */
  readonly deviations: number;
  readonly weight: number;
}

/** A grid of doublings: the best of them grows at least 8/9 as fast as the true loss would. */
export const OUTCOME_LOSSES: readonly OutcomeLoss[] = [
  { deviations: 0.02, weight: 0.15 },
  { deviations: 0.04, weight: 0.25 },
  { deviations: 0.08, weight: 0.25 },
  { deviations: 0.16, weight: 0.15 },
  { deviations: 0.32, weight: 0.1 },
  { deviations: 0.64, weight: 0.1 },
];

/** What is tolerated, and how outcomes are measured. */
export type OutcomeMargins = Pick<OutcomePolicy, 'measure' | 'margin' | 'promoteMargin'>;

/** ln S per loss of OUTCOME_LOSSES, from what was known before the bucket. */
export function outcomeEvidence(bucket: OutcomesOfArms, memory: OutcomesOfArms, margins: OutcomeMargins): number[] {
  const losses = lossesInUnits(memory, margins);
  if (!losses) return OUTCOME_LOSSES.map(() => 0);
  if (!isShare(margins.measure)) return lowerMeans(samples(bucket, memory), losses, margins.margin);
  const misses = missesOfArms(bucket);
  const rate = missRate(memory);
  return losses.map((extra) => moreHits(misses, rate, { margin: margins.margin, extra }));
}

/** ln S against "green loses at least `promoteMargin`", if it loses nothing. */
export function outcomeAssurance(
  bucket: OutcomesOfArms,
  memory: OutcomesOfArms,
  { measure, promoteMargin }: OutcomeMargins,
): number {
  return isShare(measure)
    ? notMoreHits(missesOfArms(bucket), missRate(memory), promoteMargin)
    : notLowerMean(samples(bucket, memory), promoteMargin);
}

/** The looked-for losses beyond the margin in units of the metric; null where the spread is not known. */
export function lossesInUnits(memory: OutcomesOfArms, margins: OutcomeMargins): number[] | null {
  return isShare(margins.measure) ? lossesOfShare(memory, margins.margin) : lossesOfMean(memory);
}

/** A share cannot fall below zero. */
function lossesOfShare({ blue }: OutcomesOfArms, margin: number): number[] {
  const rate = predictedRate(hitsOf(blue));
  const most = MOST_OF_ROOM * Math.max(0, rate - margin);
  const deviation = Math.sqrt(rate * (1 - rate));
  return OUTCOME_LOSSES.map(({ deviations }) => Math.min(most, deviations * deviation));
}

function lossesOfMean(memory: OutcomesOfArms): number[] | null {
  const spread = spreadOf(samplesOf(memory));
  if (!spread) return null;
  const deviation = Math.sqrt(spread.control > 0 ? spread.control : spread.treated);
  return OUTCOME_LOSSES.map(({ deviations }) => deviations * deviation);
}

/** Fewer hits are more misses, and misses are judged as errors are. */
function missesOfArms({ green, blue }: OutcomesOfArms): HitsOfSamples {
  return missesOf({ treated: hitsOf(green), control: hitsOf(blue) });
}

function missRate({ blue }: OutcomesOfArms): number {
  return predictedRate({ hits: blue.count - blue.sum, of: blue.count });
}

function hitsOf({ count, sum }: ValueSums): HitCounts {
  return { hits: sum, of: count };
}

function samples(bucket: OutcomesOfArms, memory: OutcomesOfArms) {
  return { bucket: samplesOf(bucket), memory: samplesOf(memory) };
}

function samplesOf({ green, blue }: OutcomesOfArms): Samples<ValueSums> {
  return { treated: green, control: blue };
}
