/**
 * The metric of outcomes: that what became of green's answers is worse than of blue's, by more than the policy
 * tolerates.
 *
 * 1. Predictions come from buckets that were known earlier; a bucket is learnt after it was judged.
 * 2. A bucket in which an arm has no outcome is evidence of nothing, and uses up nothing of the horizon.
 * 3. Past its own horizon, and only while nothing speaks against green, the evidence begins anew with a fresh alpha.
 * 4. Where both arms answer copies of the same requests their outcomes are alike, which takes evidence away and adds
 *    none: of a share as in predictions.ts, of a mean because the difference then varies less than is charged.
 */
import { storedLog } from '../../../evidence/log-domain.ts';
import { hedged, logOfMixture, type Mixture, mixOn, startMixture } from '../../../evidence/mixture.ts';
import { addValues, learnValues, NO_VALUES, startValues, type ValueSums } from '../../../evidence/value-sums.ts';
import { count, rounded } from '../../../text/numbers.ts';
import { type AnswersMetric, NO_BUCKET_MS, type Terms } from '../metric.ts';
import {
  checkOutcomes,
  type OutcomeBucket,
  type OutcomesOfArms,
  outcomeBuckets,
  outcomeSums,
} from './outcome-buckets.ts';
import { lossesInUnits, OUTCOME_LOSSES, outcomeAssurance, outcomeEvidence } from './outcome-losses.ts';
import type { OutcomePolicy } from './outcome-value.ts';
import { isOfLiveRequests, isShare } from './outcome-value.ts';

export interface OutcomeState {
  readonly lastStartMs: number;
  readonly mixture: Mixture;
  readonly assurance: number;
  /** Buckets in which both arms had outcomes. */
  readonly judged: number;
  /** Earlier values, the latest counting most. */
  readonly memory: OutcomesOfArms;
  readonly seen: OutcomesOfArms;
}

/** A mean of fewer values is not normal enough to be trusted. */
const LEAST_VALUES_OF_MEAN = 500;
const WEIGHTS = OUTCOME_LOSSES.map(({ weight }) => weight);
const SCORE_OF_LOSSES = 0.25;

type OutcomeTerms = Terms<OutcomePolicy | null>;

export const outcomes: AnswersMetric<{
  name: 'outcomes';
  policy: { readonly outcomes: OutcomePolicy | null };
  settings: OutcomePolicy | null;
  history: ValueSums;
  bucket: OutcomeBucket;
  state: OutcomeState;
}> = {
  name: 'outcomes',
  effect: 'turns-back',
  part: 0.1,
  hasVerdict: true,
  unheard: 'too few outcomes are known to judge them',
  settings: (policy) => policy.outcomes,
  start: startOutcomes,
  step(state, bucket, terms) {
    checkOutcomes(bucket, terms.settings.measure);
    const isJudged = bucket.green.count > 0 && bucket.blue.count > 0;
    return learnt(isJudged ? judged(state, bucket, terms) : state, bucket);
  },
  /**
   * As long as it does not speak it may count against itself but not for itself: waiting for enough values wins
   * nothing.
   */
  evidence(state, terms) {
    const log = logOfMixture(state.mixture, WEIGHTS, terms.prior);
    return speaks(state, terms) ? log : Math.min(0, log);
  },
  assurance: (state, terms) => (speaks(state, terms) ? state.assurance : Math.min(0, state.assurance)),
  speaks,
  isRequired: ({ requiredForPromotion }) => requiredForPromotion,
  alternatives(state, terms) {
    const losses = speaks(state, terms) ? lossesInUnits(state.memory, terms.settings) : null;
    return (losses ?? []).map((loss, index) => ({
      score: (state.mixture.logs[index] ?? 0) + Math.log(SCORE_OF_LOSSES * (WEIGHTS[index] ?? 1)),
      phrase: () => `outcomes about ${rounded(loss, 2)} below what is tolerated`,
      growth: () => 0,
    }));
  },
  sentence({ seen: { green, blue } }) {
    const ofGreen = `${meanOf(green)} over ${count(green.count)} green answers`;
    return {
      seen: `outcomes are ${ofGreen}, ${meanOf(blue)} over ${count(blue.count)} blue ones`,
      numbers: { greenOutcomes: green.count, greenSum: green.sum, blueOutcomes: blue.count, blueSum: blue.sum },
    };
  },
  wanted: ({ collection, key, measure, maturityBuckets, folder }) => ({
    collection,
    prediction: 'prediction' in measure ? measure.prediction : null,
    delayBuckets: maturityBuckets,
    outcomes: { folder, key, column: measure.outcome },
  }),
  historyOf: (blue, known, { measure }) => outcomeSums(measure, blue, known),
  bucketsOf: (_state, read, bucketMs, { measure }) => outcomeBuckets(measure, bucketMs, read),
  isOfLiveRequests: ({ measure }) => isOfLiveRequests(measure),
};

/** `history`: blue's outcomes before the first bucket; NO_VALUES where none are known. */
function startOutcomes(history: ValueSums): OutcomeState {
  return {
    lastStartMs: NO_BUCKET_MS,
    mixture: startMixture(OUTCOME_LOSSES.length),
    assurance: 0,
    judged: 0,
    memory: { green: NO_VALUES, blue: startValues(history) },
    seen: { green: NO_VALUES, blue: NO_VALUES },
  };
}

function judged(state: OutcomeState, bucket: OutcomeBucket, terms: OutcomeTerms): OutcomeState {
  const { settings, prior, designEffects } = terms;
  const logs = outcomeEvidence(bucket, state.memory, settings).map((log) => log / designEffects.errors);
  const assurance = outcomeAssurance(bucket, state.memory, settings) / designEffects.errors;
  return {
    ...state,
    mixture: mixOn(state.mixture, logs, WEIGHTS, prior),
    assurance: storedLog(state.assurance + hedged(assurance)),
    judged: state.judged + 1,
  };
}

function learnt(state: OutcomeState, bucket: OutcomeBucket): OutcomeState {
  return {
    ...state,
    lastStartMs: bucket.startMs,
    memory: ofArms(state.memory, bucket, learnValues),
    seen: ofArms(state.seen, bucket, addValues),
  };
}

function speaks({ judged: buckets, seen }: OutcomeState, { settings }: OutcomeTerms): boolean {
  if (isShare(settings.measure)) return buckets > 0;
  return buckets > 0 && Math.min(seen.green.count, seen.blue.count) >= LEAST_VALUES_OF_MEAN;
}

function meanOf({ count: values, sum }: ValueSums): string {
  return values > 0 ? rounded(sum / values, 3) : 'unknown';
}

function ofArms(before: OutcomesOfArms, bucket: OutcomesOfArms, add: typeof addValues): OutcomesOfArms {
  return { green: add(before.green, bucket.green), blue: add(before.blue, bucket.blue) };
}
