/** Evidence of one bucket on latency: for each way of being slower, and for no watched quantile being unacceptably slow. */
import { logBinaryEvidence } from '../binary-evidence.ts';
import { RATE_FLOOR } from '../null-projection.ts';
import { isotonicRoom } from './isotonic.ts';
import { SLOW_DOWNS, slowedShape, tiltOf } from './latency-alternatives.ts';
import { above, shifted, total, withoutSlowest } from './latency-bins.ts';
import { logTiltEvidence } from './tilt-evidence.ts';

/** Shares of blue's requests above the quantiles that promotion watches: p50, p95, p99. */
export const WATCHED_TAILS = [0.5, 0.05, 0.01] as const;

/** Latency counts of one arm in one bucket, and how many of its requests failed. */
export interface ArmLatency {
  readonly counts: ArrayLike<number>;
  readonly requests: number;
  readonly errors: number;
}

/** One non-decreasing tilt per alternative, from blue's predicted distribution. */
export function latencyTilts(shape: ArrayLike<number>, marginBins: number): Float64Array[] {
  const room = isotonicRoom(shape.length);
  return SLOW_DOWNS.map((slowDown) => tiltOf(slowedShape(shape, slowDown, marginBins), shape, room));
}

/** ln S per tilt, before the design effect. */
export function latencyEvidence(
  green: ArmLatency,
  blue: ArmLatency,
  tilts: readonly ArrayLike<number>[],
  marginBins: number,
): number[] {
  const allowed = shifted(green.counts, -marginBins);
  return tilts.map((tilt) => logTiltEvidence(allowed, blue.counts, tilt));
}

/**
 * The same for use in a product with the evidence on errors, which needs latencies that do not depend on the number of
 * failures: the lesser of all requests (right where failures are as fast as the rest) and of all but as many of the
 * slowest as failed (right where failures are the slowest, as time-outs are). Where both arms are alike, the product then
 * has a mean of at most 1 however failing and slowness go together, as enumeration shows; where that dependence itself
 * differs between arms whose rates and latencies are equal, means of up to 1.03 a bucket were found.
 */
export function independentLatencyEvidence(
  green: ArmLatency,
  blue: ArmLatency,
  tilts: readonly ArrayLike<number>[],
  ofAll: readonly number[],
  marginBins: number,
): number[] {
  if (green.errors === 0 && blue.errors === 0) return [...ofAll];
  const ofAnswered = latencyEvidence(answered(green), answered(blue), tilts, marginBins);
  return ofAnswered.map((log, index) => Math.min(log, ofAll[index] ?? 0));
}

function answered(arm: ArmLatency): ArmLatency {
  const failed = Math.max(0, total(arm.counts) - (arm.requests - arm.errors));
  return failed > 0 ? { ...arm, counts: withoutSlowest(arm.counts, failed) } : arm;
}

/**
 * ln S per watched quantile against "green's quantile lies at least `marginBins` above blue's", tested at the edge of blue's
 * predicted quantile: the share of green above the edge plus the margin against the share of blue above the edge. `shape`
 * is not smoothed: blue's tails are compared with themselves, and latencies within one bin stay there.
 */
export function latencyAssurance(
  green: ArrayLike<number>,
  blue: ArrayLike<number>,
  shape: ArrayLike<number>,
  marginBins: number,
): number[] {
  const ofGreen = total(green);
  const ofBlue = total(blue);
  return WATCHED_TAILS.map((tail) => {
    const edge = edgeOf(shape, tail);
    const predicted = { green: rate(above(shape, edge + marginBins)), blue: rate(above(shape, edge)) };
    if (!(predicted.green < predicted.blue)) return 0;
    const seen = {
      green: { hits: above(green, edge + marginBins), of: ofGreen },
      blue: { hits: above(blue, edge), of: ofBlue },
    };
    return logBinaryEvidence(seen, predicted, { ratio: 1, offset: 0 });
  });
}

/** The bin with the share above it nearest to `tail`; where all latencies are nearly equal, the one below: none above shows nothing. */
function edgeOf(shape: ArrayLike<number>, tail: number): number {
  let share = 0;
  for (let bin = shape.length - 1; bin > 0; bin--) {
    const next = share + (shape[bin] ?? 0);
    if (next >= tail) return next - tail < tail - share || share < tail / 2 ? bin - 1 : bin;
    share = next;
  }
  return 0;
}

function rate(share: number): number {
  return Math.min(1 - RATE_FLOOR, Math.max(RATE_FLOOR, share));
}
