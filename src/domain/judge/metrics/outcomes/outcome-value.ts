/** What a policy says of outcomes, and how good one answer was by that measure; more is better. */
import { assertNever } from '../../../assert-never.ts';

/**
 * How good one answer was, from its row of outcomes; more is better. Of `hit` and `value` only answers to live requests
 * count, and an answer without an outcome had none. The others compare with a label that has nothing to do with who was
 * answered: copies of requests count too, answers without a label do not.
 */
export type OutcomeMeasure =
  /** The outcome is true or 1: a conversion, a useful answer. */
  | { readonly kind: 'hit'; readonly outcome: string }
  /** The outcome itself, cut to `range`. */
  | { readonly kind: 'value'; readonly outcome: string; readonly range: readonly [number, number] }
  /** The prediction is the label. */
  | { readonly kind: 'equal'; readonly outcome: string; readonly prediction: string }
  /** The prediction lies at most `tolerance` from the label. */
  | { readonly kind: 'within'; readonly outcome: string; readonly prediction: string; readonly tolerance: number }
  /** Minus the distance from the label, which is cut to `most`. */
  | { readonly kind: 'distance'; readonly outcome: string; readonly prediction: string; readonly most: number };

/** The outcomes of a rollout: what became of the answers, once that is known. */
export interface OutcomePolicy {
  /** Folder of JSON lines or CSV, `<folder>/yyyy/MM/dd/HH/` by the hour of arrival. */
  readonly folder: string;
  /** Collection of the data collector that says which deployment gave which answer. */
  readonly collection: string;
  /** Column that an answer and its outcome share; `correlationid` is the collector's own. */
  readonly key: string;
  readonly measure: OutcomeMeasure;
  /** How long after its end a bucket's outcomes are complete, in buckets; the same for both deployments. */
  readonly maturityBuckets: number;
  /** Loss of green against blue that is tolerated: a share, or in units of the value. */
  readonly margin: number;
  /** Loss that must be ruled out before green gets more traffic. */
  readonly promoteMargin: number;
  /** False: as long as no outcome is known, green is promoted without. */
  readonly requiredForPromotion: boolean;
}

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
