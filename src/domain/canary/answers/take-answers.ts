/**
 * Takes what was read of green's and blue's answers into the judge's memory.
 *
 * 1. Blue's answers before the first judged bucket say what is usual; where they are too few, later ones of blue help, and
 *    the buckets up to then are not judged: nothing is compared with itself.
 * 2. Buckets are taken once, in order; outcomes of live requests count only while both arms had some.
 */
import type { CanaryPolicy } from '../../policy/policy.ts';
import type { JudgeState } from '../judge-state.ts';
import { startOutcomes } from '../rule/outcomes/outcome-state.ts';
import { stepOutcomes } from '../rule/outcomes/step-outcomes.ts';
import { countPredictions, eventsOf } from '../rule/predictions/prediction-events.ts';
import { type PredictionState, startPredictions } from '../rule/predictions/prediction-state.ts';
import { stepPredictions } from '../rule/predictions/step-predictions.ts';
import type { RuleOptions } from '../rule/rule-options.ts';
import { predictionOptionsOf } from '../rule-options-of.ts';
import type { AnswersOfArms } from './answer.ts';
import type { DueAnswers } from './answers-due.ts';
import { isLive } from './answers-state.ts';
import { type Outcomes, outcomeBuckets, outcomeSums } from './outcome-buckets.ts';
import { isOfLiveRequests } from './outcome-value.ts';
import { predictionBuckets } from './prediction-buckets.ts';

/** What one look read; blue's answers begin at `due.blueFromMs`. */
export interface AnswersRead {
  readonly predictions: { readonly due: DueAnswers; readonly answers: AnswersOfArms } | null;
  readonly outcomes: {
    readonly due: DueAnswers;
    readonly answers: AnswersOfArms;
    readonly outcomes: Outcomes;
  } | null;
}

export const NOTHING_READ: AnswersRead = { predictions: null, outcomes: null };

/** Throws a RangeError that names the bucket where its counts cannot be true. */
export function takeAnswers(
  state: JudgeState,
  read: AnswersRead,
  policy: CanaryPolicy,
  options: RuleOptions,
): JudgeState {
  return takeOutcomes(takePredictions(state, read, policy), read, policy, options);
}

function takePredictions(state: JudgeState, { predictions: read }: AnswersRead, policy: CanaryPolicy): JudgeState {
  const options = predictionOptionsOf(policy, state.designEffects);
  if (!read || !options || read.due.toMs <= state.answers.predictedUntilMs) return state;
  const { due, answers } = read;
  const before = state.answers.predictions ?? usual(answers, due.fromMs);
  let predictions = before ?? usual(answers, due.toMs);
  if (before) {
    const buckets = predictionBuckets(before.events, due, policy.bucketSeconds * 1000, answers);
    predictions = buckets.reduce((memory, bucket) => stepPredictions(memory, bucket, options), before);
  }
  return { ...state, answers: { ...state.answers, predictedUntilMs: due.toMs, predictions } };
}

function usual({ blue }: AnswersOfArms, untilMs: number): PredictionState | null {
  const values = blue.filter(({ atMs }) => atMs < untilMs).map(({ prediction }) => prediction);
  const events = eventsOf(values);
  return events && startPredictions(events, countPredictions(events, values));
}

function takeOutcomes(
  state: JudgeState,
  { outcomes: read }: AnswersRead,
  policy: CanaryPolicy,
  options: RuleOptions,
): JudgeState {
  if (!read || !policy.outcomes || read.due.toMs <= state.answers.outcomesUntilMs) return state;
  const { due, answers, outcomes } = read;
  const { measure } = policy.outcomes;
  const bucketMs = policy.bucketSeconds * 1000;
  const history = answers.blue.filter(({ atMs }) => atMs < due.fromMs);
  const start = state.rule.outcomes ?? startOutcomes(outcomeSums(measure, history, outcomes));
  const after = outcomeBuckets(measure, due, bucketMs, answers, outcomes)
    .filter(({ startMs }) => !isOfLiveRequests(measure) || isLive(state.answers.live, startMs, bucketMs))
    .reduce((memory, bucket) => stepOutcomes(memory, bucket, options), start);
  return {
    ...state,
    answers: { ...state.answers, outcomesUntilMs: due.toMs },
    rule: { ...state.rule, outcomes: after },
  };
}
