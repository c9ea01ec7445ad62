/**
 * The least number of green requests that any test of level alpha with power one needs on average:
 * N* = ln(1/alpha) / KL_inf (Wald 1947), KL_inf the distance per green request from the truth to the rule's null.
 */

import { shifted } from '../../../src/domain/evidence/histogram.ts';
import { nonDecreasing } from '../../../src/domain/evidence/isotonic.ts';
import { projectOnLine } from '../../../src/domain/evidence/null-projection.ts';
import { AS_FAST, binProbabilities } from './generator/latency-model.ts';
import type { Scenario } from './generator/scenario.ts';

const ALPHA = 0.01;

export interface Margins {
  readonly errors: number;
  readonly latencyBins: number;
}

/** N* of a regression that lasts, at the traffic of its first bad minute; infinite where the truth lies in the null. */
export function leastRequests(scenario: Scenario, margins: Margins): number {
  const minute = scenario.onset;
  const bluePerGreen = scenario.blueRequests(minute) / scenario.greenRequests(minute);
  const distance =
    errorDistance(scenario.errors(minute), scenario.extraErrors, bluePerGreen, margins.errors) +
    latencyDistance(scenario, bluePerGreen, margins.latencyBins);
  return Math.log(1 / ALPHA) / distance;
}

/** Whole looks that N* takes, in green requests. */
export function leastRequestsInLooks(scenario: Scenario, margins: Margins): number {
  const n = scenario.greenRequests(scenario.onset);
  return n * Math.ceil(leastRequests(scenario, margins) / n);
}

export function errorDistance(blue: number, extra: number, bluePerGreen: number, margin: number): number {
  const truth = { treated: blue + extra, control: blue };
  if (extra <= margin) return 0;
  const nearest = projectOnLine(truth, { treated: 1, control: bluePerGreen }, { ratio: 1, offset: margin });
  if (!nearest) return 0;
  return divergence(truth.treated, nearest.treated) + bluePerGreen * divergence(truth.control, nearest.control);
}

function divergence(p: number, q: number): number {
  return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
}

export function latencyDistance(scenario: Scenario, bluePerGreen: number, marginBins: number): number {
  if (scenario.slow.share === 0) return 0;
  const blue = binProbabilities(scenario.model, AS_FAST).map((mass) => Math.max(mass, 1e-15));
  const green = shifted(binProbabilities(scenario.model, scenario.slow), -marginBins);
  const tilt = nonDecreasing(
    green.map((mass, bin) => mass / (blue[bin] ?? 1)),
    blue,
  );
  const share = 1 / (1 + bluePerGreen);
  let distance = 0;
  for (const [bin, q] of tilt.entries()) {
    const mixed = Math.log(share * q + 1 - share);
    if (q > 0) distance += (green[bin] ?? 0) * (Math.log(q) - mixed);
    distance -= bluePerGreen * (blue[bin] ?? 0) * mixed;
  }
  return distance;
}
