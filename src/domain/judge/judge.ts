/**
 * The judge: one decision per look from the evidence of all metrics and what only the rollout knows.
 *
 * 1. A bucket counts once, and its evidence is kept for the whole rollout, whatever share green had.
 * 2. Missing data is never good news: first hold, then rollback.
 * 3. A stretch ends well only after its dwell and with every metric within its promotion margin.
 * 4. Undecided at the horizon, the policy says what follows; it is never a promotion.
 * 5. What only asks (predictions) stops green's way until a person accepts it: a better model may differ.
 */
import { shownLog } from '../text/numbers.ts';
import type { CanaryPolicy } from './canary-policy.ts';
import { decide, logPass, type Ruling } from './decide.ts';
import type { Decision, DecisionBasis, DecisionKind } from './decision.ts';
import { type JudgeOptions, judgeOptions } from './judge-options.ts';
import { enterStretch, type JudgeState, judgedUntilMs } from './judge-state.ts';
import type { JudgedStretch } from './judged-stretch.ts';
import { neverSucceeds } from './no-success.ts';
import type { AnswersRead } from './reading/answers.ts';
import { blueAsItWas } from './reading/blue-memory.ts';
import { addCounts, type TrafficBucket } from './reading/traffic-bucket.ts';
import { type Found, forwardSentence, progressSentence, rollbackSentence, undecidedSentence } from './sentences.ts';
import { type SilenceFinding, silenceFinding, silenceSentence } from './silence.ts';
import { stepTraffic, withFreshHorizon } from './step-traffic.ts';
import { takeAnswers } from './take-answers.ts';
import { silentVerdicts, verdictsOf } from './verdicts.ts';
import { type AskedMetric, askedMetrics, guiltyMetrics, leadingAlternative } from './weigh-evidence.ts';

/** One look: every complete bucket since the last one, oldest first; redelivered buckets change nothing. */
export interface Look {
  readonly policy: CanaryPolicy;
  readonly stretch: JudgedStretch;
  readonly buckets: readonly TrafficBucket[];
  readonly answers: AnswersRead;
  /** True once a person has said that green may predict otherwise than blue. */
  readonly shiftAccepted: boolean;
}

/** A judge's answer, and its memory for the next look: small JSON. */
export interface Judgement {
  readonly decision: Decision;
  readonly state: JudgeState;
}

export const NOTHING_JUDGED: Decision = {
  kind: 'continue',
  sentence: 'No bucket is complete yet.',
  verdicts: [],
  basis: null,
};

/** Throws a RangeError that names the bucket where its counts cannot be true. */
export function judge(look: Look, previous: JudgeState): Judgement {
  const options = judgeOptions(look.policy, previous.designEffects);
  let state = enterStretch(previous, look.stretch);
  for (const bucket of look.buckets) state = absorb(state, bucket, look.stretch, options);
  state = takeAnswers(state, look.answers, look.policy.bucketSeconds * 1000, options);
  return { decision: decisionOf(state, look, options), state };
}

/** Where blue gets no requests by intention, it counts as it was. */
function absorb(state: JudgeState, seen: TrafficBucket, stretch: JudgedStretch, options: JudgeOptions): JudgeState {
  const blue = stretch.blueServed ? seen.blue : blueAsItWas(state.traffic.known, seen.green.requests);
  const begun = withFreshHorizon(state, options);
  const stepped = stepTraffic(begun, { ...seen, blue }, options);
  if (stepped === begun) return state;
  const isWarmUp = stepped.traffic.warmUpBuckets > state.traffic.warmUpBuckets;
  return {
    ...state,
    ...stepped,
    earlierBuckets: state.earlierBuckets + (begun === state ? 0 : state.traffic.buckets),
    buckets: state.buckets + (isWarmUp ? 0 : 1),
    green: addCounts(state.green, seen.green),
    blue: addCounts(state.blue, seen.blue),
  };
}

function decisionOf(state: JudgeState, look: Look, options: JudgeOptions): Decision {
  const { policy, stretch } = look;
  const judgedBuckets = state.earlierBuckets + state.traffic.buckets;
  const dwellOver = state.buckets >= stretch.dwellBuckets;
  const ruling = decide(state, options, { lastStep: stretch.lastStep, dwellOver, judgedBuckets });
  const found = findingsOf(state, options, ruling);
  const silence = found.neverSucceeds ? null : silenceOf(state, policy);
  const basis = basisOf(state, options, found, silence);
  if (silence) return silentDecision(silence, ruling, found.asked, basis);
  const verdicts = verdictsOf(askedMetrics(state.metrics, options), state, {
    guilty: found.neverSucceeds ? [...found.guilty, 'errors'] : found.guilty,
    alpha: options.alpha,
    logPass: logPass(options, stretch.lastStep),
    isAccepted: look.shiftAccepted,
  });
  if (ruling.kind === 'rollback')
    return { kind: 'rollback', sentence: rollbackSentence(state, found), verdicts, basis };
  const doubt = verdicts.find(({ verdict }) => verdict === 'fail');
  if (doubt) return { kind: 'hold', sentence: doubt.sentence, verdicts, basis };
  if (ruling.kind !== 'continue')
    return { kind: ruling.kind, sentence: forwardSentence(state, found), verdicts, basis };
  const kind = dwellOver ? atHorizon(judgedBuckets, policy) : 'continue';
  const progress = progressSentence(state, stretch, kind, judgedBuckets);
  return { kind, sentence: `${progress} ${undecidedSentence(state, found)}`, verdicts, basis };
}

/** Before the dwell is over there is no horizon: the judge alone knows both. */
function atHorizon(judgedBuckets: number, { horizonBuckets, onHorizon }: CanaryPolicy): DecisionKind {
  return judgedBuckets < horizonBuckets || onHorizon === 'extend' ? 'continue' : onHorizon;
}

function silenceOf(state: JudgeState, { noDataBuckets, bucketSeconds }: CanaryPolicy): SilenceFinding | null {
  const judgedMs = judgedUntilMs(state, bucketSeconds * 1000) - state.sinceMs;
  return silenceFinding(state.traffic.silence, noDataBuckets, judgedMs);
}

function silentDecision(
  silence: SilenceFinding,
  { kind }: Ruling,
  asked: readonly AskedMetric[],
  basis: DecisionBasis,
): Decision {
  const isRolledBack = kind === 'rollback' || silence.isTooLong;
  return {
    kind: isRolledBack ? 'rollback' : 'hold',
    sentence: silenceSentence(silence, isRolledBack),
    verdicts: silentVerdicts(asked, silence, isRolledBack),
    basis,
  };
}

function findingsOf(state: JudgeState, options: JudgeOptions, { evidence, logAssurance }: Ruling): Found {
  const asked = askedMetrics(state.metrics, options).filter(({ metric }) => metric.effect === 'turns-back');
  const leading = leadingAlternative(state, options, evidence.log);
  return {
    logEvidence: evidence.log,
    logAssurance,
    leading: leading.phrase,
    remainingRequests: leading.remainingRequests,
    asked,
    guilty: guiltyMetrics(evidence, asked, options.alpha),
    neverSucceeds: neverSucceeds(state.traffic.failures),
  };
}

function basisOf(
  state: JudgeState,
  { designEffects }: JudgeOptions,
  found: Found,
  silence: SilenceFinding | null,
): DecisionBasis {
  return {
    logEvidence: shownLog(found.logEvidence),
    logAssurance: shownLog(found.logAssurance),
    leadingAlternative: found.leading,
    remainingRequests: found.remainingRequests,
    designEffects,
    bucketsUsed: state.earlierBuckets + state.traffic.buckets,
    bucketsExcluded: state.traffic.warmUpBuckets,
    guard: found.neverSucceeds ? 'no-success' : (silence?.guard ?? null),
  };
}
