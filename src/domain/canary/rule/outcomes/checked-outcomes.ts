/** Refuses outcomes that cannot be true, naming the bucket and the arm: never NaN into a verdict. */
import { isCount } from '../checked-bucket.ts';
import type { OutcomeOptions } from './outcome-options.ts';
import type { OutcomeBucket, ValueSums } from './outcome-state.ts';

/** Sums of many values are rounded. */
const ROUNDING = 1e-9;

/** Throws a RangeError that lists every problem of the bucket. */
export function checkOutcomes({ startMs, green, blue }: OutcomeBucket, kind: OutcomeOptions['kind']): void {
  const problems = [
    ...(Number.isFinite(startMs) && startMs >= 0 ? [] : [`its start ${startMs} is no time`]),
    ...problemsOf('green', green, kind),
    ...problemsOf('blue', blue, kind),
  ];
  if (problems.length === 0) return;
  throw new RangeError(
    `The outcomes of the bucket that starts at ${startMs} cannot be judged: ${problems.join('; ')}.`,
  );
}

function problemsOf(arm: string, values: ValueSums, kind: OutcomeOptions['kind']): string[] {
  const { count, sum, squares } = values;
  if (!isCount(count)) return [`${arm}'s number of outcomes is ${count}, which is no count`];
  if (!Number.isFinite(sum) || !Number.isFinite(squares)) {
    return [`the sums of ${arm}'s outcomes, ${sum} and ${squares} of squares, are not finite`];
  }
  if (count === 0 && (sum !== 0 || squares !== 0)) return [`${arm} has no outcome, but sums of ${sum} and ${squares}`];
  if (kind === 'mean') return squaresProblem(arm, values);
  if (!isCount(sum) || sum > count) return [`${arm} has ${sum} hits of ${count} outcomes`];
  return squares === sum ? [] : [`${arm}'s squares sum to ${squares}, its hits to ${sum}: outcomes other than 0 and 1`];
}

function squaresProblem(arm: string, { count, sum, squares }: ValueSums): string[] {
  const least = count > 0 ? (sum / count) * sum : 0;
  if (squares * (1 + ROUNDING) >= least) return [];
  return [`${arm}'s ${count} outcomes sum to ${sum}, so that their squares cannot sum to ${squares}`];
}
