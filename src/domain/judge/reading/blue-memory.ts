/**
 * What blue usually does, learnt from earlier buckets; it stands in for blue where blue gets no requests by intention.
 */
import { learnRate, predictedRate, startRate } from '../../evidence/fading-rate.ts';
import { learnShape, startShape } from '../../evidence/fading-shape.ts';
import type { HitCounts } from '../../evidence/share-evidence.ts';
import { type ArmCounts, denseCounts, type LatencyHistogram } from './traffic-bucket.ts';

export interface BlueMemory {
  /** Failed requests of all. */
  readonly failed: HitCounts;
  /** Decaying latency counts. */
  readonly shape: readonly number[];
  /** The same of the last buckets. */
  readonly recentShape: readonly number[];
}

/** `history`: blue before the rollout; all zero where nothing is known. */
export function startBlueMemory(history: ArmCounts): BlueMemory {
  const latency = denseCounts(history.latency);
  return {
    failed: startRate(failedOf(history)),
    shape: startShape(latency, 'steady'),
    recentShape: startShape(latency, 'recent'),
  };
}

export function learnBlue(
  { failed, shape, recentShape }: BlueMemory,
  blue: ArmCounts,
  dense: Float64Array,
): BlueMemory {
  return {
    failed: learnRate(failed, failedOf(blue)),
    shape: learnShape(shape, dense, 'steady'),
    recentShape: learnShape(recentShape, dense, 'recent'),
  };
}

export function failedOf({ errors, requests }: Pick<ArmCounts, 'errors' | 'requests'>): HitCounts {
  return { hits: errors, of: requests };
}

/** Whole counts, as real buckets have; rounding never adds more latencies than requests. */
export function blueAsItWas({ failed, shape }: BlueMemory, requests: number): ArmCounts {
  const errors = failed.of > 0 ? Math.round(requests * predictedRate(failed)) : 0;
  return { requests, errors, latency: scaled(shape, requests - errors) };
}

/** Cumulative rounding: every bin is right to one request, and so is every tail. */
function scaled(shape: readonly number[], requests: number): LatencyHistogram {
  const sum = shape.reduce((total, count) => total + count, 0);
  const latency: Record<string, number> = {};
  if (sum <= 0) return latency;
  let remembered = 0;
  let given = 0;
  for (const [bin, count] of shape.entries()) {
    remembered += count;
    const upTo = Math.min(requests, Math.round((remembered / sum) * requests));
    if (upTo > given) latency[bin] = upTo - given;
    given = Math.max(given, upTo);
  }
  return latency;
}
