/** Counts log rows that arrive after their bucket was judged: they change no judgement, but they are never hidden. */
import type { Arms, LoggedBucket } from './ready-buckets.ts';

/** Requests of both arms in one judged bucket, as last seen. */
export interface SeenBucket {
  readonly startMs: number;
  readonly green: number;
  readonly blue: number;
}

export interface LateRows {
  readonly green: number;
  readonly blue: number;
}

/** Rows that are new in buckets judged before, and the buckets as they are seen now. */
export function lateRows(
  judged: readonly SeenBucket[],
  arms: Arms,
  logged: readonly LoggedBucket[],
): { readonly late: LateRows; readonly seen: readonly SeenBucket[] } {
  const requestsOf = (deployment: string, startMs: number) =>
    logged.find((entry) => entry.deployment === deployment && entry.startMs === startMs)?.requests ?? 0;
  const seen = judged.map(({ startMs, green, blue }) => ({
    startMs,
    green: Math.max(green, requestsOf(arms.green, startMs)),
    blue: Math.max(blue, requestsOf(arms.blue, startMs)),
  }));
  const late = {
    green: total(seen, 'green') - total(judged, 'green'),
    blue: total(seen, 'blue') - total(judged, 'blue'),
  };
  return { late, seen };
}

function total(buckets: readonly SeenBucket[], arm: 'green' | 'blue'): number {
  return buckets.reduce((sum, bucket) => sum + bucket[arm], 0);
}
