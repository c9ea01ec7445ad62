/** Sums of values of one sample: how they add up, how earlier ones fade, and how widely they spread. */
import { DECAY, MOST_HISTORY } from './fading-rate.ts';
import type { Samples } from './null-projection.ts';

/** How many values, their sum and the sum of their squares; those of several buckets add up. */
export interface ValueSums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

export const NO_VALUES: ValueSums = { count: 0, sum: 0, squares: 0 };

/** A variance below this part of the mean square is rounding. */
const ROUNDING = 1e-12;
/** With fewer earlier values of the control the spread is not known. */
const LEAST_KNOWN = 50;

export function addValues(a: ValueSums, b: ValueSums): ValueSums {
  return { count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares };
}

export function startValues(history: ValueSums): ValueSums {
  return history.count > MOST_HISTORY ? scaled(history, MOST_HISTORY / history.count) : history;
}

/** The last hour of buckets counts most. */
export function learnValues(memory: ValueSums, bucket: ValueSums): ValueSums {
  return addValues(scaled(memory, DECAY), bucket);
}

/** Unbiased variance; null where fewer than two values are known. */
export function varianceOf({ count, sum, squares }: ValueSums): number | null {
  if (count < 2) return null;
  const deviations = squares - (sum / count) * sum;
  return deviations > ROUNDING * squares ? deviations / (count - 1) : 0;
}

/**
 * Predicted variances of one value of each sample. The treated one is the larger of the control's and its own. Where
 * neither varies, it is that of all values together: two constants may differ. Null where it is not known, or nothing
 * varies.
 */
export function spreadOf(memory: Samples<ValueSums>): Samples<number> | null {
  if (memory.control.count < LEAST_KNOWN) return null;
  const control = varianceOf(memory.control) ?? 0;
  const treated = Math.max(control, varianceOf(memory.treated) ?? 0);
  if (treated > 0) return { treated, control };
  const together = varianceOf(addValues(memory.treated, memory.control)) ?? 0;
  return together > 0 ? { treated: together, control: together } : null;
}

function scaled({ count, sum, squares }: ValueSums, factor: number): ValueSums {
  return { count: count * factor, sum: sum * factor, squares: squares * factor };
}
