/** What a distribution looks like: a decaying histogram, and the distribution predicted from it. */
import { total } from './histogram.ts';

/** `steady` is sure of the tail; `recent` follows a distribution that changes. */
export type ShapeMemory = 'steady' | 'recent';

/** Half of the memory is gone after this many buckets. */
const HALF_LIFE_BUCKETS = { steady: 120, recent: 3 } as const;
/** History beyond this many observations is scaled down, so that the present can still be learnt. */
const MOST_HISTORY = { steady: 20_000, recent: 300 } as const;
/** Below this many observations in the three bins around it a bin is smoothed over seven bins. */
const THIN = 12;
const PSEUDO_COUNTS = 2;
/** Bins to either side that a thin bin borrows from, with weights that fall in equal steps. */
const REACH = 3;

export function startShape(history: ArrayLike<number>, memory: ShapeMemory): number[] {
  const most = MOST_HISTORY[memory];
  const known = total(history);
  const scale = known > most ? most / known : 1;
  return Array.from(history, (count) => stored(count * scale));
}

export function learnShape(shape: readonly number[], bucket: ArrayLike<number>, memory: ShapeMemory): number[] {
  const decay = 0.5 ** (1 / HALF_LIFE_BUCKETS[memory]);
  const learnt = new Array<number>(shape.length);
  for (let bin = 0; bin < shape.length; bin++) learnt[bin] = stored((shape[bin] ?? 0) * decay + (bucket[bin] ?? 0));
  return learnt;
}

/** Predicted distribution as it was counted, positive in every bin. */
export function plainShape(shape: readonly number[]): Float64Array {
  const sum = total(shape) + PSEUDO_COUNTS;
  const plain = new Float64Array(shape.length);
  for (let bin = 0; bin < plain.length; bin++) plain[bin] = ((shape[bin] ?? 0) + PSEUDO_COUNTS / shape.length) / sum;
  return plain;
}

/**
 * Predicted distribution, positive in every bin. A bin in thin data borrows from more neighbours: a ragged or a flat
 * tail costs power, though never validity.
 */
export function smoothShape(shape: readonly number[]): Float64Array {
  const bins = shape.length;
  const padded = new Float64Array(bins + 2 * REACH);
  padded.set(shape, REACH);
  const smooth = new Float64Array(bins);
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) {
    const mass = PSEUDO_COUNTS / bins + smoothedAt(padded, bin + REACH);
    smooth[bin] = mass;
    sum += mass;
  }
  for (let bin = 0; bin < bins; bin++) smooth[bin] = (smooth[bin] ?? 0) / sum;
  return smooth;
}

function smoothedAt(padded: Float64Array, at: number): number {
  const here = padded[at] ?? 0;
  const beside = (padded[at - 1] ?? 0) + (padded[at + 1] ?? 0);
  if (here + beside >= THIN) return 0.5 * here + 0.25 * beside;
  const near = (padded[at - 2] ?? 0) + (padded[at + 2] ?? 0);
  const far = (padded[at - 3] ?? 0) + (padded[at + 3] ?? 0);
  return (4 * here + 3 * beside + 2 * near + far) / 16;
}

function stored(count: number): number {
  return Math.round(count * 1000) / 1000;
}
