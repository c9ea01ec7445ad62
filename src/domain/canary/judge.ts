/**
 * The judge: one decision per look from the buckets of both arms, by the e-process rule (rule/) and what only the rollout knows.
 *
 * 1. A bucket counts once, and its evidence is kept for the whole rollout, whatever share green had.
 * 2. Missing data is never good news: first hold, then rollback.
 * 3. A stretch ends well only after its dwell and with every metric within its promotion margin.
 * 4. Undecided at the horizon, the policy says what follows; it is never a promotion.
 * 5. Predictions that are distributed otherwise stop green's way until a person accepts them: a better model may do so.
 */
import type { CanaryPolicy } from '../policy/policy.ts';
import { absorbBucket } from './absorb-bucket.ts';
import { takeAnswers } from './answers/take-answers.ts';
import type { Decision, DecisionBasis } from './decision.ts';
import type { JudgedStretch, Judgement, Look } from './judge-contract.ts';
import { enterStretch, type JudgeState } from './judge-state.ts';
import { metricVerdicts } from './metric-verdicts.ts';
import { missingData } from './missing-data.ts';
import { predictionVerdict } from './prediction-verdict.ts';
import { decideRule, type RuleDecision } from './rule/decide-rule.ts';
import type { RuleOptions } from './rule/rule-options.ts';
import { ruleOptionsOf } from './rule-options-of.ts';

export const NOTHING_JUDGED: Decision = {
  kind: 'continue',
  sentence: 'No bucket is complete yet.',
  verdicts: [],
  basis: null,
};

/** Throws a RangeError that names the bucket where its counts cannot be true. */
export function judge(look: Look, previous: JudgeState): Judgement<JudgeState> {
  const { policy, stretch } = look;
  const options = ruleOptionsOf(policy, previous.designEffects);
  let state = enterStretch(previous, stretch);
  for (const bucket of look.buckets) state = absorbBucket(state, bucket, policy, stretch, options);
  state = takeAnswers(state, look.answers, policy, options);
  return { decision: decide(state, look, options), state };
}

function decide(state: JudgeState, { policy, stretch, shiftAccepted }: Look, options: RuleOptions): Decision {
  const dwellOver = state.buckets >= stretch.dwellBuckets;
  const situation = { lastStep: stretch.lastStep, dwellOver, crashLooping: false };
  const soakLooks = Math.max(0, options.soakLooks - state.earlierLooks);
  const ruled = decideRule(state.rule, { ...options, soakLooks }, situation);
  const basis = basisOf(state, ruled);
  const missing = missingData(state, ruled, policy.noDataBuckets);
  if (missing) return { ...missing, basis };
  const logPass = Math.log(1 / (stretch.lastStep ? policy.beta : policy.betaStep));
  const shift = predictionVerdict(state, policy, shiftAccepted);
  const verdicts = [...metricVerdicts(state, ruled, options, logPass), ...(shift ? [shift] : [])];
  if (shift?.verdict === 'fail' && ruled.kind !== 'rollback') {
    return { kind: 'hold', sentence: shift.sentence, verdicts, basis };
  }
  if (ruled.kind !== 'continue') return { kind: ruled.kind, sentence: ruled.sentence, verdicts, basis };
  const kind = dwellOver ? atHorizon(basis.bucketsUsed, policy) : 'continue';
  return { kind, sentence: `${progressOf(state, stretch, kind)} ${ruled.sentence}`, verdicts, basis };
}

function atHorizon(bucketsUsed: number, { horizonBuckets, onHorizon }: CanaryPolicy): Decision['kind'] {
  return bucketsUsed < horizonBuckets || onHorizon === 'extend' ? 'continue' : onHorizon;
}

function progressOf({ buckets }: JudgeState, { dwellBuckets }: JudgedStretch, kind: Decision['kind']): string {
  if (kind !== 'continue') return 'Undecided at the horizon of the policy.';
  return buckets < dwellBuckets ? `${buckets} of ${dwellBuckets} buckets judged.` : `${buckets} buckets judged.`;
}

function basisOf(state: JudgeState, ruled: RuleDecision): DecisionBasis {
  const { logEvidence, logAssurance, leadingAlternative, remainingRequests, designEffects, guard } = ruled;
  return {
    logEvidence: rounded(logEvidence),
    logAssurance: rounded(logAssurance),
    leadingAlternative,
    remainingRequests,
    designEffects,
    bucketsUsed: state.earlierLooks + ruled.bucketsUsed,
    bucketsExcluded: ruled.bucketsExcluded,
    guard,
  };
}

function rounded(log: number): number {
  return Math.round(log * 1000) / 1000;
}
