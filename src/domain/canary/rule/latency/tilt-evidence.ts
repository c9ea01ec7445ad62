/** Evidence of one bucket that green's latencies are stochastically larger than blue's. */
import { total } from './latency-bins.ts';

/**
 * ln S = sum c_green[i] ln(q_i / (w q_i + 1 - w)) - sum c_blue[i] ln(w q_i + 1 - w), w green's share of the requests.
 *
 * E[S] <= 1 whenever green is not slower than blue in the usual stochastic order, for every predictable non-decreasing
 * tilt q: q / (w q + 1 - w) increases with q, hence with the bin, so its mean under green is at most that under blue,
 * and w A_green + (1 - w) A_blue <= 1 bounds the product by the inequality of the means. No quantile has to be picked
 * and blue may drift from bucket to bucket. A margin is given by moving green's counts down first.
 */
export function logTiltEvidence(green: ArrayLike<number>, blue: ArrayLike<number>, tilt: ArrayLike<number>): number {
  const ofGreen = total(green);
  const ofBlue = total(blue);
  if (ofGreen === 0 || ofBlue === 0) return 0;
  const share = ofGreen / (ofGreen + ofBlue);
  let log = 0;
  for (let bin = 0; bin < tilt.length; bin++) {
    const g = green[bin] ?? 0;
    const b = blue[bin] ?? 0;
    if (g + b === 0) continue;
    const q = tilt[bin] ?? 1;
    log += g * Math.log(q) - (g + b) * Math.log(share * q + 1 - share);
  }
  return log;
}
