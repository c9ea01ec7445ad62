/** Summaries add up exactly in any order and stay bounded, whatever the stream holds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  collectCategorical,
  MAX_CATEGORIES,
  mergeCategorical,
} from '../../../../src/domain/drift/categorical-summary.ts';
import { collectDataset, mergeDatasets } from '../../../../src/domain/drift/dataset-summary.ts';
import {
  collectNumeric,
  EMPTY_NUMERIC,
  mergeNumeric,
  type NumericSummary,
  standardDeviation,
} from '../../../../src/domain/drift/numeric-summary.ts';
import { BIN_PRECISION, binOf, centreOf } from '../../../../src/domain/drift/value-bins.ts';

const anything = fc.oneof(fc.double(), fc.integer(), fc.constant(null), fc.constant(undefined), fc.string());

function numeric(values: readonly unknown[]): NumericSummary {
  const collector = collectNumeric();
  for (const value of values) collector.add(value);
  return collector.summary();
}

function sorted({ values, mean: _mean, squares: _squares, ...rest }: NumericSummary) {
  return { ...rest, values: values?.toSorted((a, b) => a - b) ?? null };
}

test('parts of a numeric stream merge to the whole, in either order', () => {
  fc.assert(
    fc.property(fc.array(anything), fc.array(anything), (left, right) => {
      const whole = sorted(numeric([...left, ...right]));
      expect(sorted(mergeNumeric(numeric(left), numeric(right)))).toEqual(whole);
      expect(sorted(mergeNumeric(numeric(right), numeric(left)))).toEqual(whole);
    }),
  );
});

test('mean and deviation of merged parts are those of the whole', () => {
  const [left, right] = [
    [1, 2, 3, 4],
    [10, 20, 60],
  ];
  const merged = mergeNumeric(numeric(left), numeric(right));
  const whole = numeric([...left, ...right]);
  expect(merged.mean).toBeCloseTo(whole.mean, 12);
  expect(standardDeviation(merged)).toBeCloseTo(standardDeviation(whole), 12);
  expect(mergeNumeric(EMPTY_NUMERIC, whole)).toMatchObject({ count: 7, mean: whole.mean });
});

test('a value is within half a per mille of what stands for its bin', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-11, max: 1e17, noNaN: true }), fc.boolean(), (magnitude, isNegative) => {
      const value = isNegative ? -magnitude : magnitude;
      expect(Math.abs(centreOf(binOf(value)) / value - 1)).toBeLessThanOrEqual(BIN_PRECISION * 1.0001);
    }),
  );
});

test('a million rows are some hundred bins, and infinity or 1e300 is no measurement', () => {
  const collector = collectNumeric();
  for (let row = 0; row < 1_000_000; row += 1) collector.add(1 + (row % 1000));
  collector.add(Number.POSITIVE_INFINITY);
  collector.add(-1e300);
  const summary = collector.summary();
  expect(summary).toMatchObject({ count: 1_000_000, invalid: 2, values: null });
  expect(JSON.stringify(summary).length).toBeLessThan(20_000);
});

test('categories merge in any order, and too many of them are none', () => {
  const categorical = (values: readonly unknown[]) => {
    const collector = collectCategorical();
    for (const value of values) collector.add(value);
    return collector.summary();
  };
  const [left, right] = [categorical(['a', 'b', true, null]), categorical(['b', 'b', '__proto__'])];
  expect(mergeCategorical(left, right)).toEqual(mergeCategorical(right, left));
  expect(mergeCategorical(left, right)).toMatchObject({ count: 6, missing: 1 });
  expect(Object.entries(mergeCategorical(left, right).counts ?? {})).toContainEqual(['__proto__', 1]);
  const many = (prefix: string) => categorical(Array.from({ length: 600 }, (_, index) => `${prefix}${index}`));
  expect(many('x').counts).not.toBeNull();
  expect(mergeCategorical(many('x'), many('y')).counts).toBeNull();
  expect(categorical(Array.from({ length: MAX_CATEGORIES + 1 }, (_, index) => String(index))).counts).toBeNull();
});

test('data sets merge feature by feature, and other features are refused', () => {
  const collect = (kinds: Parameters<typeof collectDataset>[0], rows: readonly Record<string, unknown>[]) => {
    const collector = collectDataset(kinds);
    for (const row of rows) collector.add(row);
    return collector.summary();
  };
  const kinds = { speed: 'numerical', carrier: 'categorical' } as const;
  const merged = mergeDatasets(collect(kinds, [{ speed: 1 }]), collect(kinds, [{ speed: 2, carrier: 'UA', extra: 1 }]));
  expect(merged).toMatchObject({ rows: 2, features: { speed: { count: 2 }, carrier: { count: 1, missing: 1 } } });
  expect(() => mergeDatasets(merged, collect({ speed: 'numerical' }, []))).toThrow('speed, carrier');
  expect(() => mergeDatasets(merged, collect({ speed: 'categorical', carrier: 'categorical' }, []))).toThrow('speed');
});
