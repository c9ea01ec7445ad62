/**
 * Joins answers with what became of them, by bucket of the answer.
 *
 * 1. An outcome belongs to the bucket in which its answer was given, however late it came.
 * 2. The first outcome of a key counts, and the first answer of an arm to it: what is told twice counts once.
 */
import { addValues, NO_VALUES, type ValueSums } from '../../../evidence/value-sums.ts';
import { type Answer, byBucket, type Outcomes, type ReadAnswers } from '../../reading/answers.ts';
import { isCount, refuse } from '../../reading/checked-bucket.ts';
import type { OutcomeMeasure } from './outcome-value.ts';
import { isShare, outcomeValue } from './outcome-value.ts';

export interface OutcomesOfArms {
  readonly green: ValueSums;
  readonly blue: ValueSums;
}

/** Outcomes of all requests that were answered in one bucket. */
export interface OutcomeBucket extends OutcomesOfArms {
  /** Start, epoch milliseconds. */
  readonly startMs: number;
}

/** Sums of many values are rounded. */
const ROUNDING = 1e-9;

/** Only buckets in which somebody answered, in order. */
export function outcomeBuckets(
  measure: OutcomeMeasure,
  bucketMs: number,
  { due, answers, outcomes }: ReadAnswers,
): readonly OutcomeBucket[] {
  const once = { green: firstOfKey(answers.green), blue: firstOfKey(answers.blue) };
  return byBucket(due, bucketMs, once).map(({ startMs, green, blue }) => ({
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

/** Throws a RangeError that lists every problem of the bucket: never NaN into a verdict. */
export function checkOutcomes({ startMs, green, blue }: OutcomeBucket, measure: OutcomeMeasure): void {
  const problems = [...problemsOf('green', green, measure), ...problemsOf('blue', blue, measure)];
  refuse('The bucket of outcomes', startMs, problems);
}

function problemsOf(arm: string, values: ValueSums, measure: OutcomeMeasure): string[] {
  const { count, sum, squares } = values;
  if (!isCount(count)) return [`${arm}'s number of outcomes is ${count}, which is no count`];
  if (!Number.isFinite(sum) || !Number.isFinite(squares)) {
    return [`the sums of ${arm}'s outcomes, ${sum} and ${squares} of squares, are not finite`];
  }
  if (count === 0 && (sum !== 0 || squares !== 0)) return [`${arm} has no outcome, but sums of ${sum} and ${squares}`];
  if (!isShare(measure)) return squaresProblem(arm, values);
  if (!isCount(sum) || sum > count) return [`${arm} has ${sum} hits of ${count} outcomes`];
  return squares === sum ? [] : [`${arm}'s squares sum to ${squares}, its hits to ${sum}: outcomes other than 0 and 1`];
}

function squaresProblem(arm: string, { count, sum, squares }: ValueSums): string[] {
  const least = count > 0 ? (sum / count) * sum : 0;
  if (squares * (1 + ROUNDING) >= least) return [];
  return [`${arm}'s ${count} outcomes sum to ${sum}, so that their squares cannot sum to ${squares}`];
}
