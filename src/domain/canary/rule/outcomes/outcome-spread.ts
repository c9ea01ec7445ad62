/** How widely the outcomes spreads, as predicted from earlier buckets, and what that makes of the looked-for losses. */
import { predictedRate } from '../base-rate.ts';
import { MOST_OF_ROOM } from '../error-alternatives.ts';
import { OUTCOME_LOSSES } from './outcome-losses.ts';
import type { OutcomeOptions } from './outcome-options.ts';
import { addValues, type ValuesOfArms } from './outcome-state.ts';
import { varianceOf } from './value-memory.ts';

/** With fewer earlier values of blue the spread is not known. */
const LEAST_KNOWN = 50;

/** Predicted variances of one value. */
export interface Spread {
  readonly green: number;
  readonly blue: number;
}

/**
 * Green's variance is the larger of blue's and its own. Where neither has any, that of all values together: two constants may
 * differ. Null where the spread is not known, or nothing varies.
 */
export function spreadOf(memory: ValuesOfArms): Spread | null {
  if (memory.blue.count < LEAST_KNOWN) return null;
  const blue = varianceOf(memory.blue) ?? 0;
  const green = Math.max(blue, varianceOf(memory.green) ?? 0);
  if (green > 0) return { green, blue };
  const together = varianceOf(addValues(memory.green, memory.blue)) ?? 0;
  return together > 0 ? { green: together, blue: together } : null;
}

/** The looked-for losses beyond the margin in units of the metric; null where the spread is not known. */
export function lossesInUnits(memory: ValuesOfArms, options: OutcomeOptions): number[] | null {
  return options.kind === 'rate' ? lossesOfRate(memory, options) : lossesOfMean(memory);
}

/** A rate cannot fall below zero. */
function lossesOfRate({ blue }: ValuesOfArms, { margin }: OutcomeOptions): number[] {
  const rate = predictedRate({ errors: blue.sum, requests: blue.count });
  const most = MOST_OF_ROOM * Math.max(0, rate - margin);
  const deviation = Math.sqrt(rate * (1 - rate));
  return OUTCOME_LOSSES.map(({ deviations }) => Math.min(most, deviations * deviation));
}

function lossesOfMean(memory: ValuesOfArms): number[] | null {
  const spread = spreadOf(memory);
  if (!spread) return null;
  const deviation = Math.sqrt(spread.blue > 0 ? spread.blue : spread.green);
  return OUTCOME_LOSSES.map(({ deviations }) => deviations * deviation);
}
