/** Counts the predictions of both arms by bucket, as the events of blue's distribution. */
import type { ReadingWindow } from '../reading-window.ts';
import { countPredictions, type PredictionEvents } from '../rule/predictions/prediction-events.ts';
import type { PredictionBucket } from '../rule/predictions/prediction-state.ts';
import type { Answer, AnswersOfArms } from './answer.ts';
import { byBucket } from './by-bucket.ts';

/** Only buckets in which somebody answered, in order. */
export function predictionBuckets(
  events: PredictionEvents,
  window: ReadingWindow,
  bucketMs: number,
  answers: AnswersOfArms,
): readonly PredictionBucket[] {
  const counts = (of: readonly Answer[] = []) =>
    countPredictions(
      events,
      of.map(({ prediction }) => prediction),
    );
  return byBucket(window, bucketMs, answers).map(({ startMs, green, blue }) => ({
    startMs,
    green: counts(green),
    blue: counts(blue),
  }));
}
