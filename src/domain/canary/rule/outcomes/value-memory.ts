/** Earlier values of one arm, the last hour of buckets counting most, and how widely they spread. */
import { DECAY, MOST_HISTORY_REQUESTS } from '../base-rate.ts';
import type { ValueSums } from './outcome-state.ts';

/** A variance below this part of the mean square is rounding. */
const ROUNDING = 1e-12;

export function startMemory(history: ValueSums): ValueSums {
  return history.count > MOST_HISTORY_REQUESTS ? scaled(history, MOST_HISTORY_REQUESTS / history.count) : history;
}

export function learnValues(memory: ValueSums, bucket: ValueSums): ValueSums {
  const { count, sum, squares } = scaled(memory, DECAY);
  return { count: count + bucket.count, sum: sum + bucket.sum, squares: squares + bucket.squares };
}

/** Unbiased variance; null where fewer than two values are known. */
export function varianceOf({ count, sum, squares }: ValueSums): number | null {
  if (count < 2) return null;
  const deviations = squares - (sum / count) * sum;
  return deviations > ROUNDING * squares ? deviations / (count - 1) : 0;
}

function scaled({ count, sum, squares }: ValueSums, factor: number): ValueSums {
  return { count: count * factor, sum: sum * factor, squares: squares * factor };
}
