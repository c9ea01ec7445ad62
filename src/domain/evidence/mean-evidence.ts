/**
 * Evidence of one bucket on means of bounded values: likelihood ratios of a normal difference, right where means are
 * normal.
 *
 * 1. The stake comes from earlier values only, and so does the least variance that is charged for it.
 * 2. Where the bucket itself spreads more widely than predicted, its own variance is charged: that only takes evidence
 *    away. So values that suddenly grow in both samples speak for no difference.
 */
import type { Samples } from './null-projection.ts';
import { spreadOf, type ValueSums, varianceOf } from './value-sums.ts';

export interface BucketOfValues {
  readonly bucket: Samples<ValueSums>;
  /** Earlier values. */
  readonly memory: Samples<ValueSums>;
}

/** How much less the treated mean is than the control's, and how much that varies by chance. */
interface Difference {
  readonly loss: number;
  readonly predictedVariance: number;
  readonly chargedVariance: number;
}

/** ln S per loss `beyond` the margin: exp(((d - margin) beyond - beyond^2 / 2) / v), d the loss of the bucket. */
export function lowerMeans(seen: BucketOfValues, losses: readonly number[], margin: number): number[] {
  const difference = differenceOf(seen);
  if (!difference) return losses.map(() => 0);
  return losses.map((beyond) => logRatio(difference, difference.loss - margin, beyond));
}

/** ln S against "the treated mean is at least `margin` lower", if it is as high. */
export function notLowerMean(seen: BucketOfValues, margin: number): number {
  const difference = differenceOf(seen);
  return difference ? logRatio(difference, margin - difference.loss, margin) : 0;
}

/** ln of the likelihood ratio of a normal variable with mean `step` against mean 0, the variance being charged. */
function logRatio({ predictedVariance, chargedVariance }: Difference, seen: number, step: number): number {
  const stake = step / predictedVariance;
  const log = stake * seen - (stake ** 2 * chargedVariance) / 2;
  return Number.isFinite(log) ? log : 0;
}

function differenceOf({ bucket: { treated, control }, memory }: BucketOfValues): Difference | null {
  const spread = spreadOf(memory);
  if (!spread) return null;
  const predictedVariance = spread.treated / treated.count + spread.control / control.count;
  const own =
    (varianceOf(treated) ?? spread.treated) / treated.count + (varianceOf(control) ?? spread.control) / control.count;
  return {
    loss: meanOf(control) - meanOf(treated),
    predictedVariance,
    chargedVariance: Math.max(predictedVariance, own),
  };
}

function meanOf({ sum, count }: ValueSums): number {
  return sum / count;
}
