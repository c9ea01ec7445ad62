/** What blue's latency looks like: a decaying histogram, and the smooth distribution predicted from it. */
import { LATENCY_BINS, total } from './latency-bins.ts';

/** Half of the memory is gone after this many buckets. */
const HALF_LIFE_BUCKETS = 120;
const DECAY = 0.5 ** (1 / HALF_LIFE_BUCKETS);
/** History beyond this many requests is scaled down, so that blue's present can still be learnt. */
export const MOST_HISTORY_REQUESTS = 20_000;
/** Below this many requests in the three bins around it a bin is smoothed over seven bins. */
const THIN = 12;
const PSEUDO_COUNTS = 2;
const NARROW = [0.25, 0.5, 0.25] as const;
const WIDE = [1 / 16, 2 / 16, 3 / 16, 4 / 16, 3 / 16, 2 / 16, 1 / 16] as const;

export function startShape(history: readonly number[]): number[] {
  const requests = total(history);
  const scale = requests > MOST_HISTORY_REQUESTS ? MOST_HISTORY_REQUESTS / requests : 1;
  return history.map((count) => stored(count * scale));
}

export function learnShape(shape: readonly number[], blue: readonly number[]): number[] {
  return shape.map((count, bin) => stored(count * DECAY + (blue[bin] ?? 0)));
}

/**
 * Predicted distribution, positive in every bin. A bin in thin data borrows from more neighbours: a ragged or a flat tail
 * costs power, though never validity.
 */
export function smoothShape(shape: readonly number[]): number[] {
  const smooth: number[] = [];
  let sum = 0;
  for (let bin = 0; bin < shape.length; bin++) {
    const near = (shape[bin - 1] ?? 0) + (shape[bin] ?? 0) + (shape[bin + 1] ?? 0);
    const mass = PSEUDO_COUNTS / LATENCY_BINS + spread(shape, bin, near < THIN ? WIDE : NARROW);
    smooth.push(mass);
    sum += mass;
  }
  for (let bin = 0; bin < smooth.length; bin++) smooth[bin] = (smooth[bin] ?? 0) / sum;
  return smooth;
}

function spread(shape: readonly number[], bin: number, kernel: readonly number[]): number {
  const reach = (kernel.length - 1) / 2;
  let sum = 0;
  for (let index = 0; index < kernel.length; index++) sum += (kernel[index] ?? 0) * (shape[bin + index - reach] ?? 0);
  return sum;
}

function stored(count: number): number {
  return Math.round(count * 1000) / 1000;
}
