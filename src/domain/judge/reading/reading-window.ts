/** Decides which buckets a look reads: from the end of what was judged to the last bucket that may have settled. */
import type { JudgedStretch } from '../judged-stretch.ts';

/** Bounds one look; a rollout that was away for long catches up over several. */
const MAX_BUCKETS = 240;
/** Buckets of blue before green's first request, from which the judge learns what is usual. */
export const HISTORY_BUCKETS = 120;
/** What takes long to come is read in this many parts of its delay, so that one look is not dearer than it is worth. */
const READS_PER_DELAY = 10;

/** How late telemetry is read. */
export interface TelemetryPace {
  /** Length of one telemetry bucket; the unit of every telemetry duration. */
  readonly bucketSeconds: number;
  /** How long after its end a bucket is read: the usual ingestion delay, in buckets. */
  readonly settleBuckets: number;
  /** A bucket whose log rows stay fewer than the request metric says is judged anyway after this many buckets. */
  readonly latestBuckets: number;
}

export interface ReadingWindow {
  /** Start of the first bucket to judge. */
  readonly fromMs: number;
  /** End of the last one, exclusive; not after `fromMs` when nothing is due. */
  readonly toMs: number;
}

/** Buckets that began before the stretch are never judged: their traffic was split otherwise. */
export function readingWindow(
  pace: TelemetryPace,
  { sinceMs }: JudgedStretch,
  judgedUntilMs: number,
  nowMs: number,
): ReadingWindow {
  const bucketMs = pace.bucketSeconds * 1000;
  const fromMs = Math.max(firstBucketMs(sinceMs, bucketMs), judgedUntilMs);
  return settledWindow(bucketMs, fromMs, nowMs, pace.settleBuckets);
}

export function isDue(window: ReadingWindow): boolean {
  return window.toMs > window.fromMs;
}

/** The time before the first stretch that the first look reads with the same query. */
export function historyWindow(pace: TelemetryPace, window: ReadingWindow): ReadingWindow {
  return { fromMs: window.fromMs - HISTORY_BUCKETS * pace.bucketSeconds * 1000, toMs: window.fromMs };
}

/** Buckets of a stream that comes `delayBuckets` late; null while too few are due. `fromMs` is a start of a bucket. */
export function dueWindow(bucketMs: number, fromMs: number, nowMs: number, delayBuckets: number): ReadingWindow | null {
  const window = settledWindow(bucketMs, fromMs, nowMs, delayBuckets);
  const least = Math.max(1, Math.floor(delayBuckets / READS_PER_DELAY));
  return window.toMs - fromMs < least * bucketMs ? null : window;
}

/** Start of the first whole bucket. */
export function firstBucketMs(sinceMs: number, bucketMs: number): number {
  return Math.ceil(sinceMs / bucketMs) * bucketMs;
}

function settledWindow(bucketMs: number, fromMs: number, nowMs: number, delayBuckets: number): ReadingWindow {
  const settledMs = Math.floor(nowMs / bucketMs - delayBuckets) * bucketMs;
  return { fromMs, toMs: Math.min(settledMs, fromMs + MAX_BUCKETS * bucketMs) };
}
