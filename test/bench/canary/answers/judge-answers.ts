/** The product's own rule on the outcomes or the predictions of a synthetic rollout, each alone at its alpha. */
import type { Terms } from '../../../../src/domain/judge/metrics/metric.ts';
import type { OutcomePolicy } from '../../../../src/domain/judge/metrics/outcomes/outcome-value.ts';
import { outcomes } from '../../../../src/domain/judge/metrics/outcomes/outcomes.ts';
import { countPredictions } from '../../../../src/domain/judge/metrics/predictions/prediction-events.ts';
import { type PredictionPolicy, predictions } from '../../../../src/domain/judge/metrics/predictions/predictions.ts';
import { DEFAULT_OPTIONS } from '../default-options.ts';
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

const { alpha, beta, prior, designEffects } = DEFAULT_OPTIONS;

const PREDICTION_TERMS: Terms<PredictionPolicy> = {
  settings: { collection: 'model_outputs', column: 'y', margin: MARGINS.predictions, settleBuckets: 0 },
  prior,
  designEffects,
};

function outcomeTerms(kind: 'rate' | 'mean'): Terms<OutcomePolicy> {
  const unit = kind === 'rate' ? 1 : MEAN_AMOUNT;
  const settings: OutcomePolicy = {
    folder: '',
    collection: 'model_outputs',
    key: 'id',
    measure: kind === 'rate' ? { kind: 'hit', outcome: 'hit' } : { kind: 'value', outcome: 'amount', range: [0, 1e6] },
    maturityBuckets: 0,
    margin: (kind === 'rate' ? MARGINS.rate : MARGINS.mean) * unit,
    promoteMargin: PROMOTE_MARGIN * unit,
    requiredForPromotion: true,
  };
  return { settings, prior, designEffects };
}

export function judgeAnswers(scenario: AnswerScenario, random: Random): AnswersJudged {
  return scenario.of === 'rate' || scenario.of === 'mean'
    ? judgeOutcomes(scenario, random)
    : { found: judgePredictions(scenario, random), assured: -1 };
}

function judgeOutcomes(scenario: Parameters<typeof makeOutcomes>[0], random: Random): AnswersJudged {
  const terms = outcomeTerms(scenario.of);
  const { history, buckets } = makeOutcomes(scenario, random);
  let state = begun(outcomes.start(history), scenario);
  let assured = -1;
  for (const [look, bucket] of buckets.entries()) {
    state = outcomes.step(state, bucket, terms);
    if (outcomes.evidence(state, terms) >= Math.log(1 / alpha)) return { found: look, assured };
    if (assured < 0 && outcomes.assurance(state, terms) >= Math.log(1 / beta)) assured = look;
  }
  return { found: -1, assured };
}

function judgePredictions(scenario: PredictionScenario, random: Random): number {
  const { history, buckets } = makePredictions(scenario, random);
  let state = begun(predictions.start(history), scenario);
  const { events } = state;
  for (const [look, { startMs, green, blue }] of buckets.entries()) {
    const counted = { startMs, green: countPredictions(events, green), blue: countPredictions(events, blue) };
    state = predictions.step(state, counted, PREDICTION_TERMS);
    if (predictions.evidence(state, PREDICTION_TERMS) >= Math.log(1 / alpha)) return look;
  }
  return -1;
}

function begun<State>(state: State | null, { name }: AnswerScenario): State {
  if (!state) throw new Error(`${name} has too little history to begin.`);
  return state;
}
