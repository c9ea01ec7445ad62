/**
 * Takes one bucket of predictions into the memory.
 *
 * 1. A bucket counts once: one that starts at or before the last one taken in changes nothing.
 * 2. Blue's shares are predicted from earlier buckets; a bucket is learnt after it was judged.
 * 3. A bucket in which an arm has no prediction is evidence of nothing, and uses up nothing of the horizon.
 * 4. Past the horizon, and only while nothing speaks of a shift, the evidence begins anew with a fresh alpha.
 * 5. Both arms may answer copies of the same requests: each arm's factor moves against the other's with the hits that they
 *    then share, so that the mean of the product is less than for requests of their own, and the guarantee holds all the more.
 */
import { predictedRate } from '../base-rate.ts';
import { LOG_ZERO, storedLog } from '../log-domain.ts';
import { fewerHits, moreHits } from '../shifted-share.ts';
import { mayBeginAnew, mixStart, type StartPrior, startWeight } from '../start-mixing.ts';
import { checkPredictions } from './checked-predictions.ts';
import { addPredictions, learnBase } from './prediction-counts.ts';
import { logOfShift } from './prediction-finding.ts';
import { PREDICTION_SHIFTS } from './prediction-shifts.ts';
import type { PredictionBucket, PredictionState } from './prediction-state.ts';

export interface PredictionOptions {
  /** Difference in the share of an event that is tolerated, in either direction. */
  readonly margin: number;
  /** Variance of counts against independent requests; at least 1. */
  readonly designEffect: number;
  /** Chance of stopping a green that predicts within the margin, over a horizon. */
  readonly alpha: number;
  readonly start: StartPrior;
}

/** Throws a RangeError that names the bucket where its counts cannot be true. */
export function stepPredictions(
  state: PredictionState,
  bucket: PredictionBucket,
  options: PredictionOptions,
): PredictionState {
  checkPredictions(bucket, state.events);
  if (bucket.startMs <= state.lastStartMs) return state;
  const isJudged = bucket.green.of > 0 && bucket.blue.of > 0;
  return learnt(isJudged ? judged(withFreshHorizon(state, options), bucket, options) : state, bucket);
}

function learnt(state: PredictionState, { startMs, green, blue }: PredictionBucket): PredictionState {
  return {
    ...state,
    lastStartMs: startMs,
    base: learnBase(state.base, blue),
    seen: { green: addPredictions(state.seen.green, green), blue: addPredictions(state.seen.blue, blue) },
  };
}

function judged(state: PredictionState, bucket: PredictionBucket, options: PredictionOptions): PredictionState {
  const looks = state.looks + 1;
  const weight = startWeight(options.start, looks);
  const evidence = bucket.green.hits.flatMap((_, event) => eventEvidence(state, bucket, event, options.margin));
  return {
    ...state,
    looks,
    evidence: state.evidence.map((log, index) =>
      storedLog(mixStart(log, (evidence[index] ?? 0) / options.designEffect, weight)),
    ),
  };
}

/** ln S of one event, in the order of the state's evidence. */
function eventEvidence(
  { base }: PredictionState,
  { green, blue }: PredictionBucket,
  event: number,
  margin: number,
): number[] {
  const seen = {
    green: { hits: green.hits[event] ?? 0, of: green.of },
    blue: { hits: blue.hits[event] ?? 0, of: blue.of },
  };
  const share = predictedRate({ errors: base.hits[event] ?? 0, requests: base.of });
  return [moreHits, fewerHits].flatMap((shifted) =>
    PREDICTION_SHIFTS.map(({ extra }) => shifted(seen, share, margin, extra)),
  );
}

function withFreshHorizon(state: PredictionState, { start }: PredictionOptions): PredictionState {
  if (!mayBeginAnew(start, state.looks, logOfShift(state, start))) return state;
  return { ...state, looks: 0, evidence: state.evidence.map(() => LOG_ZERO) };
}
