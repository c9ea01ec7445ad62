/** Which buckets of a stream that comes late can be judged now: those that began after the last judged one and have settled. */
import type { ReadingWindow } from '../reading-window.ts';

/** Bounds one look; a rollout that was away for long catches up over several. */
const MAX_BUCKETS = 240;
/** What takes long to come is read in this many parts of its delay, so that one look is not dearer than it is worth. */
const READS_PER_DELAY = 10;

/** Null while too few buckets are due. `fromMs` is a start of a bucket. */
export function dueWindow(bucketMs: number, fromMs: number, nowMs: number, delayBuckets: number): ReadingWindow | null {
  const settledMs = Math.floor(nowMs / bucketMs - delayBuckets) * bucketMs;
  const least = Math.max(1, Math.floor(delayBuckets / READS_PER_DELAY));
  if (settledMs - fromMs < least * bucketMs) return null;
  return { fromMs, toMs: Math.min(settledMs, fromMs + MAX_BUCKETS * bucketMs) };
}
