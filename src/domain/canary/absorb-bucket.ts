/**
 * Takes one bucket into the judge's memory.
 *
 * 1. A bucket counts once: one that begins before the end of the last one changes nothing.
 * 2. In the warm-up only the guards look: a cold start is no regression, but an arm that never answers is one.
 * 3. Past the horizon, and only while nothing speaks against green, the evidence begins anew with a fresh alpha:
 *    a regression after a long wait for an approval need not first make up for hours of health.
 */
import type { CanaryPolicy } from '../policy/policy.ts';
import { blueAsItWas } from './blue-as-it-was.ts';
import type { JudgedStretch } from './judge-contract.ts';
import type { JudgeState } from './judge-state.ts';
import { combineEvidence } from './rule/combined-evidence.ts';
import { watchGuard } from './rule/guard.ts';
import type { RuleOptions } from './rule/rule-options.ts';
import { type RuleState, startRule } from './rule/rule-state.ts';
import { mayBeginAnew } from './rule/start-mixing.ts';
import { stepRule } from './rule/step-rule.ts';
import { addCounts, NO_REQUESTS, type TrafficBucket } from './traffic-buckets.ts';

/** Throws a RangeError that names the bucket where its counts cannot be true. */
export function absorbBucket(
  state: JudgeState,
  seen: TrafficBucket,
  policy: CanaryPolicy,
  stretch: JudgedStretch,
  options: RuleOptions,
): JudgeState {
  if (seen.startMs < state.judgedUntilMs) return state;
  const bucket = stretch.blueServed ? seen : { ...seen, blue: blueAsItWas(state.rule, seen.green.requests) };
  const begun = withFreshHorizon(state, options);
  const stepped = stepRule(begun.rule, bucket, options);
  const isWarmUp = stepped.warmUps > begun.rule.warmUps;
  return {
    ...begun,
    judgedUntilMs: seen.startMs + policy.bucketSeconds * 1000,
    buckets: state.buckets + (isWarmUp ? 0 : 1),
    green: addCounts(state.green, seen.green),
    blue: addCounts(state.blue, seen.blue),
    greenSeen: state.greenSeen || seen.green.requests > 0,
    blueSeen: state.blueSeen || seen.blue.requests > 0,
    rule: isWarmUp ? { ...stepped, guard: watchGuard(stepped.guard, bucket) } : stepped,
  };
}

const WITHOUT_EVIDENCE: RuleState['evidence'] = startRule({ traffic: NO_REQUESTS }).evidence;

function withFreshHorizon(state: JudgeState, options: RuleOptions): JudgeState {
  const { rule } = state;
  if (!mayBeginAnew(options.start, rule.looks, combineEvidence(rule, options).log)) return state;
  return {
    ...state,
    rule: { ...rule, looks: 0, evidence: WITHOUT_EVIDENCE },
    earlierLooks: state.earlierLooks + rule.looks,
  };
}
