/** Evidence of one bucket on errors: for each alternative that green fails more often, and for green being as good as blue. */

import type { ArmCounts } from '../traffic-buckets.ts';
import { type BaseRate, predictedRate } from './base-rate.ts';
import { type HitsOfArms, logBinaryEvidence } from './binary-evidence.ts';
import { EXTRA_ERRORS } from './error-alternatives.ts';
import { moreHits } from './shifted-share.ts';

/** Errors as hits of a binary outcome. */
export function errorHits(green: ArmCounts, blue: ArmCounts): HitsOfArms {
  return { green: { hits: green.errors, of: green.requests }, blue: { hits: blue.errors, of: blue.requests } };
}

/** ln S per alternative, before the design effect. */
export function errorEvidence(seen: HitsOfArms, base: BaseRate, margin: number): number[] {
  const blue = predictedRate(base);
  return EXTRA_ERRORS.map(({ extra }) => moreHits(seen, blue, margin, extra));
}

/** ln S against "green fails at least `promoteMargin` more often", if both fail as often as blue is predicted to. */
export function errorAssurance(seen: HitsOfArms, base: BaseRate, promoteMargin: number): number {
  const rate = predictedRate(base);
  return promoteMargin > 0
    ? logBinaryEvidence(seen, { green: rate, blue: rate }, { ratio: 1, offset: promoteMargin })
    : 0;
}
