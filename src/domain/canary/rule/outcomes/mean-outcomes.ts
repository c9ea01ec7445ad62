/**
 * Evidence of one bucket on the means of bounded values: a normal mixture over losses, which is right where means are normal.
 *
 * 1. The stake comes from earlier values only, and so does the least variance that is charged for it.
 * 2. Where the bucket itself spreads more widely than predicted, its own variance is charged: that only takes evidence away,
 *    and values that suddenly grow in both arms speak against neither.
 */

import { OUTCOME_LOSSES } from './outcome-losses.ts';
import type { OutcomeOptions } from './outcome-options.ts';
import { lossesInUnits, spreadOf } from './outcome-spread.ts';
import type { ValueSums, ValuesOfArms } from './outcome-state.ts';
import { varianceOf } from './value-memory.ts';

/** How much less green's mean is than blue's, and how much that varies by chance. */
interface Difference {
  readonly loss: number;
  readonly predictedVariance: number;
  readonly chargedVariance: number;
}

/** ln S per loss of OUTCOME_LOSSES: exp(((d - margin) delta - delta^2 / 2) / v) for a loss of margin + delta. */
export function meanEvidence(bucket: ValuesOfArms, memory: ValuesOfArms, options: OutcomeOptions): number[] {
  const losses = lossesInUnits(memory, options);
  const difference = differenceOf(bucket, memory);
  if (!losses || !difference) return OUTCOME_LOSSES.map(() => 0);
  return losses.map((beyond) => logRatio(difference, difference.loss - options.margin, beyond));
}

/** ln S against "green loses at least `promoteMargin`", if it loses nothing. */
export function meanAssurance(bucket: ValuesOfArms, memory: ValuesOfArms, { promoteMargin }: OutcomeOptions): number {
  const difference = differenceOf(bucket, memory);
  return difference ? logRatio(difference, promoteMargin - difference.loss, promoteMargin) : 0;
}

/** ln of the likelihood ratio of a normal variable with mean `step` against mean 0, the variance being charged. */
function logRatio({ predictedVariance, chargedVariance }: Difference, seen: number, step: number): number {
  const stake = step / predictedVariance;
  const log = stake * seen - (stake ** 2 * chargedVariance) / 2;
  return Number.isFinite(log) ? log : 0;
}

function differenceOf({ green, blue }: ValuesOfArms, memory: ValuesOfArms): Difference | null {
  const spread = spreadOf(memory);
  if (!spread) return null;
  const predictedVariance = spread.green / green.count + spread.blue / blue.count;
  const own = (varianceOf(green) ?? spread.green) / green.count + (varianceOf(blue) ?? spread.blue) / blue.count;
  return {
    loss: meanOf(blue) - meanOf(green),
    predictedVariance,
    chargedVariance: Math.max(predictedVariance, own),
  };
}

function meanOf({ sum, count }: ValueSums): number {
  return sum / count;
}
