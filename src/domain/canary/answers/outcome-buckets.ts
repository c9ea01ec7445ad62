/**
 * Joins answers with what became of them, by bucket of the answer.
 *
 * 1. An outcome belongs to the bucket in which its answer was given, however late it came.
 * 2. The first outcome of a key counts, and the first answer of an arm to it: what is told twice counts once.
 */
import type { OutcomeMeasure } from '../../policy/outcome-policy.ts';
import type { ReadingWindow } from '../reading-window.ts';
import { addValues, NO_VALUES, type OutcomeBucket, type ValueSums } from '../rule/outcomes/outcome-state.ts';
import type { Answer, AnswersOfArms } from './answer.ts';
import { byBucket } from './by-bucket.ts';
import { outcomeValue } from './outcome-value.ts';

/** Outcomes by key. */
export type Outcomes = ReadonlyMap<string, unknown>;

/** Only buckets in which somebody answered, in order. */
export function outcomeBuckets(
  measure: OutcomeMeasure,
  window: ReadingWindow,
  bucketMs: number,
  answers: AnswersOfArms,
  outcomes: Outcomes,
): readonly OutcomeBucket[] {
  const once = { green: firstOfKey(answers.green), blue: firstOfKey(answers.blue) };
  return byBucket(window, bucketMs, once).map(({ startMs, green, blue }) => ({
    startMs,
    green: sumsOf(measure, green, outcomes),
    blue: sumsOf(measure, blue, outcomes),
  }));
}

/** Sums over answers of one arm, each key once. */
export function outcomeSums(measure: OutcomeMeasure, answers: readonly Answer[], outcomes: Outcomes): ValueSums {
  return sumsOf(measure, firstOfKey(answers), outcomes);
}

function sumsOf(measure: OutcomeMeasure, answers: readonly Answer[], outcomes: Outcomes): ValueSums {
  let sums = NO_VALUES;
  for (const { key, prediction } of answers) {
    const value = key === null ? null : outcomeValue(measure, prediction, outcomes.get(key));
    if (value !== null) sums = addValues(sums, { count: 1, sum: value, squares: value * value });
  }
  return sums;
}

/** Answers without a key have no outcome that could be found. */
function firstOfKey(answers: readonly Answer[]): readonly Answer[] {
  const seen = new Set<string>();
  return answers.filter(({ key }) => {
    if (key === null || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
