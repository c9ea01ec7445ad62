/**
 * Takes one bucket of outcomes into the memory.
 *
 * 1. A bucket counts once: one that starts at or before the last one taken in changes nothing.
 * 2. Predictions come from buckets that were known earlier; a bucket is learnt after it was judged.
 * 3. A bucket in which an arm has no outcome is evidence of nothing, and uses up nothing of the horizon.
 * 4. Past the horizon, and only while nothing speaks against green, the evidence begins anew with a fresh alpha.
 * 5. Where both arms answer copies of the same requests their outcomes are alike, which takes evidence away and adds none:
 *    of a rate as in step-predictions.ts, of a mean because the difference then varies less than is charged.
 */

import { hedged } from '../hedge.ts';
import { LOG_ZERO, storedLog } from '../log-domain.ts';
import type { RuleOptions } from '../rule-options.ts';
import { mayBeginAnew, mixStart, startWeight } from '../start-mixing.ts';
import { checkOutcomes } from './checked-outcomes.ts';
import { meanAssurance, meanEvidence } from './mean-outcomes.ts';
import { logOfEvidence } from './outcome-evidence.ts';
import { addValues, type OutcomeBucket, type OutcomeState, type ValuesOfArms } from './outcome-state.ts';
import { rateAssurance, rateEvidence } from './rate-outcomes.ts';
import { learnValues } from './value-memory.ts';

/** Throws a RangeError that names the bucket where its sums cannot be true. */
export function stepOutcomes(state: OutcomeState, bucket: OutcomeBucket, options: RuleOptions): OutcomeState {
  if (!options.outcomes) return state;
  checkOutcomes(bucket, options.outcomes.kind);
  if (bucket.startMs <= state.lastStartMs) return state;
  const isJudged = bucket.green.count > 0 && bucket.blue.count > 0;
  return learnt(isJudged ? judged(withFreshHorizon(state, options), bucket, options) : state, bucket);
}

function learnt(state: OutcomeState, bucket: OutcomeBucket): OutcomeState {
  return {
    ...state,
    lastStartMs: bucket.startMs,
    memory: ofArms(state.memory, bucket, learnValues),
    seen: ofArms(state.seen, bucket, addValues),
  };
}

function judged(state: OutcomeState, bucket: OutcomeBucket, options: RuleOptions): OutcomeState {
  const { outcomes, designEffects, start } = options;
  if (!outcomes) return state;
  const [evidenceOf, assuranceOf] =
    outcomes.kind === 'rate' ? [rateEvidence, rateAssurance] : [meanEvidence, meanAssurance];
  const evidence = evidenceOf(bucket, state.memory, outcomes);
  const assurance = assuranceOf(bucket, state.memory, outcomes);
  const looks = state.looks + 1;
  const weight = startWeight(start, looks);
  return {
    ...state,
    looks,
    judged: state.judged + 1,
    evidence: state.evidence.map((log, index) =>
      storedLog(mixStart(log, (evidence[index] ?? 0) / designEffects.errors, weight)),
    ),
    assurance: storedLog(state.assurance + hedged(assurance / designEffects.errors)),
  };
}

function withFreshHorizon(state: OutcomeState, { start }: RuleOptions): OutcomeState {
  if (!mayBeginAnew(start, state.looks, logOfEvidence(state, start))) return state;
  return { ...state, looks: 0, evidence: state.evidence.map(() => LOG_ZERO) };
}

function ofArms(before: ValuesOfArms, bucket: ValuesOfArms, add: typeof addValues): ValuesOfArms {
  return { green: add(before.green, bucket.green), blue: add(before.blue, bucket.blue) };
}
