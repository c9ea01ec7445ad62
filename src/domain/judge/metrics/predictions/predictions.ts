/**
 * The metric of predictions: whether green predicts another distribution than blue. It asks people and never turns
 * green back.
 *
 * 1. Blue's shares are predicted from earlier buckets; a bucket is learnt after it was judged.
 * 2. A bucket in which an arm has no prediction is evidence of nothing, and uses up nothing of the horizon.
 * 3. Past its own horizon, and only while nothing speaks of a shift, the evidence begins anew with a fresh alpha.
 * 4. Both arms may answer copies of the same requests. Each arm's factor moves against the other's with the hits that
 *    they then share. So the mean of the product is less than for requests of their own, and the guarantee holds all
 *    the more.
 */
import { DECAY, MOST_HISTORY, predictedRate, stored } from '../../../evidence/fading-rate.ts';
import { logOfMixture, type Mixture, mixOn, startMixture } from '../../../evidence/mixture.ts';
import { fewerHits, moreHits } from '../../../evidence/share-evidence.ts';
import { byBucket } from '../../reading/answers.ts';
import type { DesignEffects } from '../../reading/baseline-history.ts';
import { type AnswersMetric, NO_BUCKET_MS } from '../metric.ts';
import {
  addPredictions,
  checkPredictions,
  countPredictions,
  eventCount,
  eventsOf,
  type PredictionBucket,
  type PredictionCounts,
  type PredictionEvents,
  type PredictionsOfArms,
} from './prediction-events.ts';
import { alternativesOf, PREDICTION_SHIFTS, predictionFinding, weightsOf } from './prediction-finding.ts';

/** Whether green's predictions are distributed as blue's; a shift calls a person, it never rolls back. */
export interface PredictionPolicy {
  /** Collection of Azure ML's data collector that holds the predictions. */
  readonly collection: string;
  readonly column: string;
  /** Difference in the share of predictions at most as large as a decile of blue's that is tolerated. */
  readonly margin: number;
  /** How long after its end a bucket's collected rows are read, in buckets. */
  readonly settleBuckets: number;
}

/** Plain JSON of at most 3 kB. */
export interface PredictionState {
  readonly lastStartMs: number;
  /** By event: first all shifts of more, then all of fewer. */
  readonly mixture: Mixture;
  readonly events: PredictionEvents;
  /** Decaying counts of blue. */
  readonly base: PredictionCounts;
  readonly seen: PredictionsOfArms;
}

export const predictions: AnswersMetric<{
  name: 'predictions';
  policy: { readonly predictions: PredictionPolicy | null };
  settings: PredictionPolicy | null;
  history: readonly unknown[];
  bucket: PredictionBucket;
  state: PredictionState;
}> = {
  name: 'predictions',
  effect: 'asks',
  part: 0,
  hasVerdict: true,
  unheard: 'too few predictions of blue are collected to compare with',
  settings: (policy) => policy.predictions,
  start(history) {
    const events = eventsOf(history);
    return events && startPredictions(events, countPredictions(events, history));
  },
  step(state, bucket, { settings, prior, designEffects }) {
    checkPredictions(bucket, state.events);
    const { green, blue, startMs } = bucket;
    const isJudged = green.of > 0 && blue.of > 0;
    const logs = isJudged ? bucketLogs(state, bucket, settings.margin) : [];
    const divided = logs.map((log) => log / effectOf(designEffects));
    return {
      ...state,
      lastStartMs: startMs,
      mixture: isJudged ? mixOn(state.mixture, divided, weightsOf(logs.length), prior) : state.mixture,
      base: addPredictions(scaled(state.base, DECAY), blue),
      seen: { green: addPredictions(state.seen.green, green), blue: addPredictions(state.seen.blue, blue) },
    };
  },
  evidence: ({ mixture }, { prior }) => logOfMixture(mixture, weightsOf(mixture.logs.length), prior),
  assurance: () => 0,
  speaks: () => false,
  isRequired: () => false,
  alternatives: () => [],
  sentence(state, terms) {
    const logEvidence = predictions.evidence(state, terms);
    const { logs } = state.mixture;
    const finding = predictionFinding({ ...state, logs, logEvidence }, terms.settings.margin);
    const { sentence, greenShare, blueShare } = finding;
    return { seen: sentence, numbers: { greenShare, blueShare } };
  },
  wanted: ({ collection, column, settleBuckets }) => ({
    collection,
    prediction: column,
    delayBuckets: settleBuckets,
    outcomes: null,
  }),
  historyOf: (blue) => blue.map(({ prediction }) => prediction),
  bucketsOf({ events }, { due, answers }, bucketMs) {
    return byBucket(due, bucketMs, answers).map(({ startMs, green, blue }) => ({
      startMs,
      green: countPredictions(events, green.map(predictionOf)),
      blue: countPredictions(events, blue.map(predictionOf)),
    }));
  },
  isOfLiveRequests: () => false,
};

/** `history`: blue's predictions before the first bucket, counted with the same events. */
export function startPredictions(events: PredictionEvents, history: PredictionCounts): PredictionState {
  const count = eventCount(events);
  const nothing = { of: 0, hits: new Array<number>(count).fill(0) };
  return {
    lastStartMs: NO_BUCKET_MS,
    mixture: startMixture(alternativesOf(count)),
    events,
    base: scaled(history, Math.min(1, MOST_HISTORY / Math.max(1, history.of))),
    seen: { green: nothing, blue: nothing },
  };
}

/** ln S of every alternative, in the order of the state's mixture. */
function bucketLogs({ base }: PredictionState, { green, blue }: PredictionBucket, margin: number): number[] {
  return green.hits.flatMap((ofGreen, event) => {
    const seen = {
      treated: { hits: ofGreen, of: green.of },
      control: { hits: blue.hits[event] ?? 0, of: blue.of },
    };
    const share = predictedRate({ hits: base.hits[event] ?? 0, of: base.of });
    return [moreHits, fewerHits].flatMap((shifted) =>
      PREDICTION_SHIFTS.map(({ extra }) => shifted(seen, share, { margin, extra })),
    );
  });
}

/** Shares of predictions below a line are as shares of slow requests; the larger effect is the safe one. */
function effectOf({ errors, latency }: DesignEffects): number {
  return Math.max(errors, latency);
}

function scaled({ of, hits }: PredictionCounts, factor: number): PredictionCounts {
  return { of: stored(of * factor), hits: hits.map((count) => stored(count * factor)) };
}

function predictionOf({ prediction }: { readonly prediction: unknown }): unknown {
  return prediction;
}
