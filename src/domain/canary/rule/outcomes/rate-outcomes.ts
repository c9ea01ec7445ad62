/** Evidence of one bucket of outcomes that are hits or misses: fewer hits are more misses, and misses are judged as errors are. */
import type { BaseRate } from '../base-rate.ts';
import { predictedRate } from '../base-rate.ts';
import type { HitsOfArms } from '../binary-evidence.ts';
import { errorAssurance } from '../error-evidence.ts';
import { missesOf, moreHits } from '../shifted-share.ts';
import type { OutcomeOptions } from './outcome-options.ts';
import { lossesInUnits } from './outcome-spread.ts';
import type { ValueSums, ValuesOfArms } from './outcome-state.ts';

/** ln S per loss of OUTCOME_LOSSES. */
export function rateEvidence(bucket: ValuesOfArms, memory: ValuesOfArms, options: OutcomeOptions): number[] {
  const misses = missesOfArms(bucket);
  const rate = predictedRate(baseOf(memory));
  return (lossesInUnits(memory, options) ?? []).map((loss) => moreHits(misses, rate, options.margin, loss));
}

/** ln S against "green loses at least `promoteMargin`", if both hit as often as blue is predicted to. */
export function rateAssurance(bucket: ValuesOfArms, memory: ValuesOfArms, { promoteMargin }: OutcomeOptions): number {
  return errorAssurance(missesOfArms(bucket), baseOf(memory), promoteMargin);
}

function missesOfArms({ green, blue }: ValuesOfArms): HitsOfArms {
  const hits = ({ count, sum }: ValueSums) => ({ hits: sum, of: count });
  return missesOf({ green: hits(green), blue: hits(blue) });
}

function baseOf({ blue }: ValuesOfArms): BaseRate {
  return { errors: blue.count - blue.sum, requests: blue.count };
}
