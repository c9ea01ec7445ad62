/** Decides which buckets a look reads: from the end of what was judged to the last bucket that telemetry may have settled for. */
import type { CanaryPolicy } from '../policy/policy.ts';
import type { JudgedStretch } from './judge-contract.ts';

/** Bounds one log query; a rollout that was away for long catches up over several looks. */
const MAX_BUCKETS = 240;
/** Buckets of blue before green's first request, from which the judge learns what is usual. */
export const HISTORY_BUCKETS = 120;

export interface ReadingWindow {
  /** Start of the first bucket to judge. */
  readonly fromMs: number;
  /** End of the last one, exclusive; not after `fromMs` when nothing is due. */
  readonly toMs: number;
}

/** Buckets that began before the stretch are never judged: their traffic was split otherwise. */
export function readingWindow(
  policy: CanaryPolicy,
  stretch: JudgedStretch,
  judgedUntilMs: number,
  nowMs: number,
): ReadingWindow {
  const bucketMs = policy.bucketSeconds * 1000;
  const fromMs = Math.max(Math.ceil(stretch.sinceMs / bucketMs) * bucketMs, judgedUntilMs);
  const settledMs = Math.floor(nowMs / bucketMs - policy.settleBuckets) * bucketMs;
  return { fromMs, toMs: Math.min(settledMs, fromMs + MAX_BUCKETS * bucketMs) };
}

export function isDue(window: ReadingWindow): boolean {
  return window.toMs > window.fromMs;
}

/** The time before the first stretch that the first look reads with the same query. */
export function historyWindow(policy: CanaryPolicy, window: ReadingWindow): ReadingWindow {
  return { fromMs: window.fromMs - HISTORY_BUCKETS * policy.bucketSeconds * 1000, toMs: window.fromMs };
}
