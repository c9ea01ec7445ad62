/** The product's own rule on the outcomes or the predictions of a synthetic rollout, each alone at its alpha. */
import { outcomeLogs } from '../../../../src/domain/canary/rule/outcomes/outcome-evidence.ts';
import { startOutcomes } from '../../../../src/domain/canary/rule/outcomes/outcome-state.ts';
import { stepOutcomes } from '../../../../src/domain/canary/rule/outcomes/step-outcomes.ts';
import { countPredictions, eventsOf } from '../../../../src/domain/canary/rule/predictions/prediction-events.ts';
import { predictionFinding } from '../../../../src/domain/canary/rule/predictions/prediction-finding.ts';
import { startPredictions } from '../../../../src/domain/canary/rule/predictions/prediction-state.ts';
import {
  type PredictionOptions,
  stepPredictions,
} from '../../../../src/domain/canary/rule/predictions/step-predictions.ts';
import { DEFAULT_RULE_OPTIONS, type RuleOptions } from '../../../../src/domain/canary/rule/rule-options.ts';
import type { Random } from '../generator/random.ts';
import { makeOutcomes, makePredictions, meanAmount } from './answer-rollout.ts';
import { type AnswerScenario, MARGINS, type PredictionScenario } from './answer-scenario.ts';

/** First bucket that finds green guilty, and first at which its outcomes alone would let it be assured; -1 for none. */
export interface AnswersJudged {
  readonly found: number;
  readonly assured: number;
}

/** Loss to be ruled out: in percentage points of a rate, as a part of a mean. */
export const PROMOTE_MARGIN = 0.1;
const MEAN_AMOUNT = meanAmount();

export const PREDICTION_OPTIONS: PredictionOptions = {
  margin: MARGINS.predictions,
  designEffect: 1,
  alpha: DEFAULT_RULE_OPTIONS.alpha,
  start: DEFAULT_RULE_OPTIONS.start,
};

export function outcomeOptions(kind: 'rate' | 'mean'): RuleOptions {
  const unit = kind === 'rate' ? 1 : MEAN_AMOUNT;
  const margin = kind === 'rate' ? MARGINS.rate : MARGINS.mean;
  const outcomes = { kind, margin: margin * unit, promoteMargin: PROMOTE_MARGIN * unit, requiredForPromotion: true };
  return { ...DEFAULT_RULE_OPTIONS, outcomes };
}

export function judgeAnswers(scenario: AnswerScenario, random: Random): AnswersJudged {
  return scenario.of === 'rate' || scenario.of === 'mean'
    ? judgeOutcomes(scenario, random)
    : { found: judgePredictions(scenario, random), assured: -1 };
}

function judgeOutcomes(scenario: Parameters<typeof makeOutcomes>[0], random: Random): AnswersJudged {
  const options = outcomeOptions(scenario.of);
  const { history, buckets } = makeOutcomes(scenario, random);
  let state = startOutcomes(history);
  let assured = -1;
  for (const [look, bucket] of buckets.entries()) {
    state = stepOutcomes(state, bucket, options);
    const { logEvidence, logAssurance } = outcomeLogs(state, options);
    if (logEvidence >= Math.log(1 / options.alpha)) return { found: look, assured };
    if (assured < 0 && logAssurance >= Math.log(1 / options.beta)) assured = look;
  }
  return { found: -1, assured };
}

function judgePredictions(scenario: PredictionScenario, random: Random): number {
  const { history, buckets } = makePredictions(scenario, random);
  const events = eventsOf(history);
  if (!events) throw new Error(`${scenario.name} has too few predictions before the rollout.`);
  let state = startPredictions(events, countPredictions(events, history));
  for (const [look, { startMs, green, blue }] of buckets.entries()) {
    const counted = { startMs, green: countPredictions(events, green), blue: countPredictions(events, blue) };
    state = stepPredictions(state, counted, PREDICTION_OPTIONS);
    if (predictionFinding(state, PREDICTION_OPTIONS).shifted) return look;
  }
  return -1;
}
