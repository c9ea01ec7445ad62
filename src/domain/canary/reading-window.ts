/** Decides which buckets a look reads: from the end of what was judged to the last bucket that telemetry may have settled for. */
import type { CanaryPolicy } from '../policy/policy.ts';
import type { JudgedStretch } from './judge-contract.ts';

/** Bounds one log query; a rollout that was away for long catches up over several looks. */
const MAX_BUCKETS = 240;

export interface ReadingWindow {
  /** Start of the first bucket to judge. */
  readonly fromMs: number;
  /** End of the last one, exclusive; not after `fromMs` when nothing is due. */
  readonly toMs: number;
}

/** Buckets that began before the stretch, and its warm-up, are never judged. */
export function readingWindow(
  policy: CanaryPolicy,
  stretch: JudgedStretch,
  judgedUntilMs: number,
  nowMs: number,
): ReadingWindow {
  const bucketMs = policy.bucketSeconds * 1000;
  const firstMs = (Math.ceil(stretch.sinceMs / bucketMs) + policy.warmUpBuckets) * bucketMs;
  const fromMs = Math.max(firstMs, judgedUntilMs);
  const settledMs = Math.floor(nowMs / bucketMs - policy.settleBuckets) * bucketMs;
  return { fromMs, toMs: Math.min(settledMs, fromMs + MAX_BUCKETS * bucketMs) };
}
