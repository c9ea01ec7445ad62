/**
 * Evidence of one bucket on latency: for each way of being slower, and for no watched quantile being unacceptably slow.
 */
import { smoothShape } from '../../../evidence/fading-shape.ts';
import { above, addShifted, shifted, total, withoutLargest } from '../../../evidence/histogram.ts';
import { isotonicRoom } from '../../../evidence/isotonic.ts';
import { RATE_FLOOR } from '../../../evidence/null-projection.ts';
import { logShareEvidence } from '../../../evidence/share-evidence.ts';
import { logTiltEvidence, tiltOf } from '../../../evidence/tilt-evidence.ts';
import { binsOf } from '../../reading/traffic-bucket.ts';
import type { ArmLatency, TrafficLook } from '../traffic-look.ts';

/** This share of the requests takes `times` as long. */
export interface SlowDown {
  readonly share: number;
  readonly times: number;
  readonly weight: number;
}

/** All requests a little slower, or a slow tail: these take longest to find and have most of the weight. */
export const SLOW_DOWNS: readonly SlowDown[] = [
  { share: 1, times: 1.2, weight: 0.2 },
  { share: 1, times: 1.4, weight: 0.43 },
  { share: 0.25, times: 2, weight: 0.03 },
  { share: 0.25, times: 3, weight: 0.03 },
  { share: 0.1, times: 6, weight: 0.22 },
  { share: 0.05, times: 6, weight: 0.04 },
  { share: 0.05, times: 10, weight: 0.025 },
  { share: 0.015, times: 20, weight: 0.025 },
];

/** Shares of blue's requests above the quantiles that promotion watches: p50, p95, p99. */
export const WATCHED_TAILS = [0.5, 0.05, 0.01] as const;

interface LatencyArms {
  readonly green: ArmLatency;
  readonly blue: ArmLatency;
}

/** Tilts of all slow-downs and ln S of each, before the design effect. */
export interface LatencyLogs {
  readonly tilts: readonly Float64Array[];
  readonly logs: readonly number[];
}

/** The same for all metrics that look at one bucket. */
export function latencyLogs(look: TrafficLook, marginBins: number): LatencyLogs {
  return look.once('latencyLogs', () => {
    const tilts = latencyTilts(smoothShape(look.known.shape), marginBins);
    return { tilts, logs: latencyEvidence(look, tilts, marginBins) };
  });
}

/** Green's distribution under a slow-down of blue's, moved down by the margin. */
export function slowedShape(shape: ArrayLike<number>, { share, times }: SlowDown, marginBins: number): Float64Array {
  const slowed = new Float64Array(shape.length);
  addShifted(slowed, shape, binsOf(times) - marginBins, share);
  if (share < 1) addShifted(slowed, shape, -marginBins, 1 - share);
  return slowed;
}

/** One non-decreasing tilt per slow-down, from blue's predicted distribution. */
function latencyTilts(shape: ArrayLike<number>, marginBins: number): Float64Array[] {
  const room = isotonicRoom(shape.length);
  return SLOW_DOWNS.map((slowDown) => tiltOf(slowedShape(shape, slowDown, marginBins), shape, room));
}

/** ln S per tilt, before the design effect. */
export function latencyEvidence(
  { green, blue }: LatencyArms,
  tilts: readonly ArrayLike<number>[],
  marginBins: number,
): number[] {
  const seen = { treated: shifted(green.counts, -marginBins), control: blue.counts };
  return tilts.map((tilt) => logTiltEvidence(seen, tilt));
}

/**
 * The same for use in a product with the evidence on errors, which needs latencies that do not depend on the number of
 * failures. It is the lesser of two: of all requests, and of all but as many of the slowest as failed.
 *
 * The first is right where failures are as fast as the rest, the second where they are the slowest, as time-outs are.
 * Where both arms are alike, the product then has a mean of at most 1 however failing and slowness go together, as
 * enumeration shows. Where that dependence itself differs between arms of equal rates and latencies, means of up to
 * 1.03 a bucket were found.
 */
export function independentLatencyEvidence(
  { green, blue }: LatencyArms,
  { tilts, logs }: { readonly tilts: readonly ArrayLike<number>[]; readonly logs: readonly number[] },
  marginBins: number,
): number[] {
  if (green.errors === 0 && blue.errors === 0) return [...logs];
  const ofAnswered = latencyEvidence({ green: answered(green), blue: answered(blue) }, tilts, marginBins);
  return ofAnswered.map((log, index) => Math.min(log, logs[index] ?? 0));
}

function answered(arm: ArmLatency): ArmLatency {
  const failed = Math.max(0, total(arm.counts) - (arm.requests - arm.errors));
  return failed > 0 ? { ...arm, counts: withoutLargest(arm.counts, failed) } : arm;
}

/**
 * ln S per watched quantile against "green's quantile lies at least `marginBins` above blue's".
 *
 * Tested at the edge of blue's predicted quantile: the share of green above the edge plus the margin against the share
 * of blue above the edge. `shape` is not smoothed: blue's tails are compared with themselves, and latencies within one
 * bin stay there.
 */
export function latencyAssurance({ green, blue }: LatencyArms, shape: ArrayLike<number>, marginBins: number): number[] {
  const ofGreen = total(green.counts);
  const ofBlue = total(blue.counts);
  return WATCHED_TAILS.map((tail) => {
    const edge = edgeOf(shape, tail);
    const predicted = { treated: rate(above(shape, edge + marginBins)), control: rate(above(shape, edge)) };
    if (!(predicted.treated < predicted.control)) return 0;
    const seen = {
      treated: { hits: above(green.counts, edge + marginBins), of: ofGreen },
      control: { hits: above(blue.counts, edge), of: ofBlue },
    };
    return logShareEvidence(seen, predicted, { ratio: 1, offset: 0 });
  });
}

/**
 * The bin with the share above it nearest to `tail`. Where all latencies are nearly equal it is the bin below, because
 * none above shows nothing.
 */
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
