/** The ways of being slower that the rule looks for, and the tilt that finds each best. */
import { nonDecreasing } from './isotonic.ts';
import { binsOf, shifted } from './latency-bins.ts';

/** This share of the requests takes `times` as long. */
export interface SlowDown {
  readonly share: number;
  readonly times: number;
  readonly weight: number;
}

/** All requests a little slower, or a slow tail: these take longest to find and have most of the weight. */
export const SLOW_DOWNS: readonly SlowDown[] = [
  { share: 1, times: 1.2, weight: 0.15 },
  { share: 1, times: 1.3, weight: 0.25 },
  { share: 1, times: 1.5, weight: 0.06 },
  { share: 1, times: 2, weight: 0.03 },
  { share: 0.25, times: 3, weight: 0.09 },
  { share: 0.1, times: 4, weight: 0.28 },
  { share: 0.05, times: 8, weight: 0.11 },
  { share: 0.015, times: 20, weight: 0.03 },
];

const LEAST_TILT = 1e-3;
const MOST_TILT = 1e4;

/** Green's distribution under a slow-down of blue's, moved down by the margin. */
export function slowedShape(shape: readonly number[], slowDown: SlowDown, marginBins: number): number[] {
  const slow = shifted(shape, binsOf(slowDown.times) - marginBins);
  if (slowDown.share === 1) return slow;
  const mixed = shifted(shape, -marginBins);
  for (let bin = 0; bin < mixed.length; bin++) {
    mixed[bin] = (1 - slowDown.share) * (mixed[bin] ?? 0) + slowDown.share * (slow[bin] ?? 0);
  }
  return mixed;
}

/** The non-decreasing likelihood ratio of a slowed distribution to blue's. */
export function tiltOf(slowed: readonly number[], shape: readonly number[]): number[] {
  const ratio: number[] = [];
  for (let bin = 0; bin < shape.length; bin++) ratio.push((slowed[bin] ?? 0) / (shape[bin] ?? 1));
  const tilt = nonDecreasing(ratio, shape);
  for (let bin = 0; bin < tilt.length; bin++) tilt[bin] = Math.min(MOST_TILT, Math.max(LEAST_TILT, tilt[bin] ?? 1));
  return tilt;
}
