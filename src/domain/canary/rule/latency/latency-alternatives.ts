/** The ways of being slower that the rule looks for, and the tilt that finds each best. */
import { isotonicRoom, makeNonDecreasing } from './isotonic.ts';
import { addShifted, binsOf } from './latency-bins.ts';

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

const LEAST_TILT = 1e-3;
const MOST_TILT = 1e4;

/** Green's distribution under a slow-down of blue's, moved down by the margin. */
export function slowedShape(shape: ArrayLike<number>, { share, times }: SlowDown, marginBins: number): Float64Array {
  const slowed = new Float64Array(shape.length);
  addShifted(slowed, shape, binsOf(times) - marginBins, share);
  if (share < 1) addShifted(slowed, shape, -marginBins, 1 - share);
  return slowed;
}

/** The non-decreasing likelihood ratio of a slowed distribution to blue's. */
export function tiltOf(
  slowed: ArrayLike<number>,
  shape: ArrayLike<number>,
  room = isotonicRoom(shape.length),
): Float64Array {
  const tilt = new Float64Array(shape.length);
  for (let bin = 0; bin < tilt.length; bin++) tilt[bin] = (slowed[bin] ?? 0) / (shape[bin] ?? 1);
  makeNonDecreasing(tilt, shape, room);
  for (let bin = 0; bin < tilt.length; bin++) {
    const ratio = tilt[bin] ?? 1;
    if (ratio < LEAST_TILT) tilt[bin] = LEAST_TILT;
    else if (ratio > MOST_TILT) tilt[bin] = MOST_TILT;
  }
  return tilt;
}
