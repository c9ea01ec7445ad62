/** The ways of being slower that the rule looks for, and the tilt that finds each best. */
import { nonDecreasing } from './isotonic.ts';
import { binsOf, shifted } from './latency-bins.ts';

/** This share of the requests takes `times` as long. */
export interface SlowDown {
  readonly share: number;
  readonly times: number;
  readonly weight: number;
}

export const SLOW_DOWNS: readonly SlowDown[] = [
  { share: 1, times: 1.25, weight: 1 / 7 },
  { share: 1, times: 1.5, weight: 1 / 7 },
  { share: 1, times: 2, weight: 1 / 7 },
  { share: 0.25, times: 2, weight: 1 / 7 },
  { share: 0.1, times: 4, weight: 1 / 7 },
  { share: 0.04, times: 6, weight: 1 / 7 },
  { share: 0.015, times: 20, weight: 1 / 7 },
];

const LEAST_TILT = 1e-3;
const MOST_TILT = 1e4;

/** Green's distribution under a slow-down of blue's, moved down by the margin. */
export function slowedShape(shape: readonly number[], slowDown: SlowDown, marginBins: number): number[] {
  const slow = shifted(shape, binsOf(slowDown.times) - marginBins);
  const same = shifted(shape, -marginBins);
  return same.map((mass, bin) => (1 - slowDown.share) * mass + slowDown.share * (slow[bin] ?? 0));
}

/** The non-decreasing likelihood ratio of a slowed distribution to blue's. */
export function tiltOf(slowed: readonly number[], shape: readonly number[]): number[] {
  const ratio = slowed.map((mass, bin) => mass / (shape[bin] ?? 1));
  return nonDecreasing(ratio, shape).map((q) => Math.min(MOST_TILT, Math.max(LEAST_TILT, q)));
}
