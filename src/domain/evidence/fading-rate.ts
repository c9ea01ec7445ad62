/** A share as predicted from earlier buckets: the last hour counts most. */
import type { HitCounts } from './share-evidence.ts';

const HALF_LIFE_BUCKETS = 60;
export const DECAY = 0.5 ** (1 / HALF_LIFE_BUCKETS);
/** History counts as this many observations at most. */
export const MOST_HISTORY = 10_000;

export function startRate(history: HitCounts): HitCounts {
  const scale = history.of > MOST_HISTORY ? MOST_HISTORY / history.of : 1;
  return { hits: stored(history.hits * scale), of: stored(history.of * scale) };
}

export function learnRate(rate: HitCounts, bucket: HitCounts): HitCounts {
  return { hits: stored(rate.hits * DECAY + bucket.hits), of: stored(rate.of * DECAY + bucket.of) };
}

/** Strictly between 0 and 1. */
export function predictedRate({ hits, of }: HitCounts): number {
  return (hits + 0.5) / (of + 1);
}

/** Rounded to six decimals, so that memories stay small. */
export function stored(count: number): number {
  return Math.round(count * 1e6) / 1e6;
}
