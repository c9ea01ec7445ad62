/** How good one answer was, by the policy's measure of its outcome; more is better. */
import { assertNever } from '../../assert-never.ts';
import type { OutcomeMeasure } from '../../policy/outcome-policy.ts';

/** Whether the measure is a share of answers rather than a mean. */
export function isShare({ kind }: OutcomeMeasure): boolean {
  return kind === 'hit' || kind === 'equal' || kind === 'within';
}

/** Whether only answers that somebody got can have an outcome: copies of requests are answered for nobody. */
export function isOfLiveRequests({ kind }: OutcomeMeasure): boolean {
  return kind === 'hit' || kind === 'value';
}

/** `outcome` is undefined where none came in time. Null: the answer does not count. */
export function outcomeValue(measure: OutcomeMeasure, prediction: unknown, outcome: unknown): number | null {
  switch (measure.kind) {
    case 'hit':
      return outcome === true || numberOf(outcome) === 1 || outcome === 'true' ? 1 : 0;
    case 'value':
      return cut(numberOf(outcome) ?? 0, measure.range);
    case 'equal':
      return isMissing(outcome) ? null : asShare(String(prediction) === String(outcome));
    case 'within':
      return fromDistance(prediction, outcome, (distance) => asShare(distance <= measure.tolerance), 0);
    case 'distance':
      return fromDistance(prediction, outcome, (distance) => -Math.min(distance, measure.most), -measure.most);
    default:
      return assertNever(measure);
  }
}

/** An answer without a usable prediction is as bad as can be; one whose label is unknown does not count. */
function fromDistance(
  prediction: unknown,
  outcome: unknown,
  rate: (distance: number) => number,
  worst: number,
): number | null {
  const label = numberOf(outcome);
  if (label === null) return null;
  const predicted = numberOf(prediction);
  return predicted === null ? worst : rate(Math.abs(predicted - label));
}

/** CSV holds numbers as text. */
function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function isMissing(outcome: unknown): boolean {
  return outcome === undefined || outcome === null || outcome === '';
}

function asShare(isGood: boolean): number {
  return isGood ? 1 : 0;
}

function cut(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(most, Math.max(least, value));
}
