/** Evidence of one bucket that one sample's values are stochastically larger than another's. */
import { total } from './histogram.ts';
import { isotonicRoom, makeNonDecreasing } from './isotonic.ts';
import type { Samples } from './null-projection.ts';

const LEAST_TILT = 1e-3;
const MOST_TILT = 1e4;

/**
 * ln S = sum c_treated[i] ln(q_i / (w q_i + 1 - w)) - sum c_control[i] ln(w q_i + 1 - w), w the treated share of the
 * counts.
 *
 * E[S] <= 1 whenever the treated values are not larger in the usual stochastic order, for every predictable
 * non-decreasing tilt q. For q / (w q + 1 - w) increases with q, hence with the bin, so its treated mean A is at most
 * its control mean B. Then w A + (1 - w) B <= 1 bounds the product by the inequality of the means. No quantile has to
 * be picked, and the control may drift from bucket to bucket. A margin is given by moving the treated counts down
 * first.
 */
export function logTiltEvidence({ treated, control }: Samples<ArrayLike<number>>, tilt: ArrayLike<number>): number {
  const ofTreated = total(treated);
  const ofControl = total(control);
  if (ofTreated === 0 || ofControl === 0) return 0;
  const share = ofTreated / (ofTreated + ofControl);
  let log = 0;
  for (let bin = 0; bin < tilt.length; bin++) {
    const t = treated[bin] ?? 0;
    const c = control[bin] ?? 0;
    if (t + c === 0) continue;
    const q = tilt[bin] ?? 1;
    log += t * Math.log(q) - (t + c) * Math.log(share * q + 1 - share);
  }
  return log;
}

/** The non-decreasing likelihood ratio of one distribution to another that is positive in every bin. */
export function tiltOf(
  distribution: ArrayLike<number>,
  to: ArrayLike<number>,
  room = isotonicRoom(to.length),
): Float64Array {
  const tilt = new Float64Array(to.length);
  for (let bin = 0; bin < tilt.length; bin++) tilt[bin] = (distribution[bin] ?? 0) / (to[bin] ?? 1);
  makeNonDecreasing(tilt, to, room);
  for (let bin = 0; bin < tilt.length; bin++) {
    const ratio = tilt[bin] ?? 1;
    if (ratio < LEAST_TILT) tilt[bin] = LEAST_TILT;
    else if (ratio > MOST_TILT) tilt[bin] = MOST_TILT;
  }
  return tilt;
}
