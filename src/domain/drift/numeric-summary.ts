/** What is remembered of a numeric column: exact for small samples, bins for large ones; bounded, plain JSON, mergeable. */
import { binOf, centreOf, LARGEST } from './value-bins.ts';

/**
 * Values are kept as they are below this number of rows; from it on only the bins. It is where Azure ML's
 * Kolmogorov-Smirnov test ends too.
 */
export const MAX_EXACT_VALUES = 10_000;

export interface NumericSummary {
  readonly kind: 'numerical';
  /** Values that are numbers. */
  readonly count: number;
  readonly missing: number;
  /** Values that are neither missing nor numbers of a size that anybody measures (`LARGEST`). */
  readonly invalid: number;
  /** Null while there is no value. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number;
  /** Sum of squared distances from the mean. */
  readonly squares: number;
  /** In no particular order; null when there were too many. */
  readonly values: readonly number[] | null;
  /** Counts by bin of `value-bins`. */
  readonly bins: Readonly<Record<string, number>>;
}

export const EMPTY_NUMERIC: NumericSummary = {
  kind: 'numerical',
  count: 0,
  missing: 0,
  invalid: 0,
  min: null,
  max: null,
  mean: 0,
  squares: 0,
  values: [],
  bins: {},
};

/** Collects a stream without a copy per row; `summary()` may be called at any time. */
export interface NumericCollector {
  add(value: unknown): void;
  summary(): NumericSummary;
}

export function collectNumeric(): NumericCollector {
  let [count, missing, invalid, mean, squares] = [0, 0, 0, 0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let values: number[] | null = [];
  const bins = new Map<number, number>();
  const addNumber = (value: number) => {
    count += 1;
    const before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (values && values.push(value) >= MAX_EXACT_VALUES) values = null;
    const bin = binOf(value);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  };
  return {
    add(value) {
      if (isMissing(value)) missing += 1;
      else if (typeof value === 'number' && Math.abs(value) <= LARGEST) addNumber(value);
      else invalid += 1;
    },
    summary: () => ({
      kind: 'numerical',
      count,
      missing,
      invalid,
      min: count === 0 ? null : min,
      max: count === 0 ? null : max,
      mean,
      squares,
      values: values && [...values],
      bins: Object.fromEntries([...bins].map(([bin, of]) => [String(bin), of])),
    }),
  };
}

/** pandas writes a missing number as null or NaN. */
export function isMissing(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value));
}

/** The same in any order, up to rounding of mean and squares. */
export function mergeNumeric(a: NumericSummary, b: NumericSummary): NumericSummary {
  const count = a.count + b.count;
  const share = count === 0 ? 0 : b.count / count;
  const distance = b.mean - a.mean;
  const isExact = a.values !== null && b.values !== null && count < MAX_EXACT_VALUES;
  return {
    kind: 'numerical',
    count,
    missing: a.missing + b.missing,
    invalid: a.invalid + b.invalid,
    min: pick(Math.min, a.min, b.min),
    max: pick(Math.max, a.max, b.max),
    mean: a.mean + distance * share,
    squares: a.squares + b.squares + distance * distance * a.count * share,
    values: isExact ? [...(a.values ?? []), ...(b.values ?? [])] : null,
    bins: addCounts(a.bins, b.bins),
  };
}

function pick(choose: (x: number, y: number) => number, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return choose(a, b);
}

export function addCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum = new Map(Object.entries(a));
  for (const [key, count] of Object.entries(b)) sum.set(key, (sum.get(key) ?? 0) + count);
  return Object.fromEntries(sum);
}

export interface WeightedValue {
  readonly value: number;
  readonly count: number;
}

/**
 * Sorted values of two summaries with their counts: the values themselves where both have them, else the centres of the
 * bins on both sides, because a value and the centre of its bin are not the same.
 */
export function comparableValues(
  a: NumericSummary,
  b: NumericSummary,
): readonly [readonly WeightedValue[], readonly WeightedValue[]] {
  const areExact = a.values !== null && b.values !== null;
  return [weightedValues(a, areExact), weightedValues(b, areExact)];
}

/** Sorted, with their counts. */
export function weightedValues({ values, bins }: NumericSummary, isExact = true): readonly WeightedValue[] {
  const found =
    values && isExact
      ? values.map((value) => ({ value, count: 1 }))
      : Object.entries(bins).map(([bin, count]) => ({ value: centreOf(Number(bin)), count }));
  return found.sort((a, b) => a.value - b.value);
}

/** Sample standard deviation (divisor n - 1); 0 for fewer than two values. */
export function standardDeviation({ count, squares }: NumericSummary): number {
  return count < 2 ? 0 : Math.sqrt(Math.max(0, squares) / (count - 1));
}
