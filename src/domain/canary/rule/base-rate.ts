/** Blue's error rate as predicted from earlier buckets: the last hour counts most. */

export interface BaseRate {
  readonly errors: number;
  readonly requests: number;
}

const HALF_LIFE_BUCKETS = 60;
export const DECAY = 0.5 ** (1 / HALF_LIFE_BUCKETS);
/** History counts as this many requests at most. */
export const MOST_HISTORY_REQUESTS = 10_000;

export function startBaseRate(history: BaseRate): BaseRate {
  const scale = history.requests > MOST_HISTORY_REQUESTS ? MOST_HISTORY_REQUESTS / history.requests : 1;
  return { errors: stored(history.errors * scale), requests: stored(history.requests * scale) };
}

export function learnBaseRate(base: BaseRate, blue: BaseRate): BaseRate {
  return {
    errors: stored(base.errors * DECAY + blue.errors),
    requests: stored(base.requests * DECAY + blue.requests),
  };
}

/** Strictly between 0 and 1. */
export function predictedRate(base: BaseRate): number {
  return (base.errors + 0.5) / (base.requests + 1);
}

function stored(count: number): number {
  return Math.round(count * 1e6) / 1e6;
}
