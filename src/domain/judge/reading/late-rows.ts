/** Counts log rows that arrive after their bucket was judged: they change no judgement, but they are never hidden. */

import type { ReadingWindow, TelemetryPace } from './reading-window.ts';
import type { Arms, ReadyBucket } from './ready-buckets.ts';
import type { LoggedBucket } from './traffic-bucket.ts';

/** Requests of both arms in one judged bucket, as last seen. */
export interface SeenBucket {
  readonly startMs: number;
  readonly green: number;
  readonly blue: number;
}

/** The same as last seen when it was judged. */
export function seenBucketOf({ bucket }: ReadyBucket): SeenBucket {
  return { startMs: bucket.startMs, green: bucket.green.requests, blue: bucket.blue.requests };
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

/** Judged buckets that are young enough for late rows to be expected. */
export function withinReach(
  judged: readonly SeenBucket[],
  window: ReadingWindow,
  { latestBuckets, bucketSeconds }: TelemetryPace,
): readonly SeenBucket[] {
  const reachMs = latestBuckets * bucketSeconds * 1000;
  return judged.filter(({ startMs }) => startMs >= window.fromMs - reachMs).slice(-latestBuckets);
}

function total(buckets: readonly SeenBucket[], arm: 'green' | 'blue'): number {
  return buckets.reduce((sum, bucket) => sum + bucket[arm], 0);
}
