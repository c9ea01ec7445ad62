/** What is wrong with a data set is said in full before a job is started; what is right is let through. */
import { describe, expect, it } from 'vitest';
import type { TrainingDataPolicy } from '../../../../src/domain/policy/retraining-policy.ts';
import { type CountedData, columnsToCheck, dataProblems } from '../../../../src/domain/retraining/data-rules.ts';

const POLICY: TrainingDataPolicy = {
  source: 'azureml:rows@latest',
  label: 'air_time',
  minRows: 1000,
  maxNullRate: 0.2,
  columns: { carrier: 'string', distance: 'integer' },
};

const good = { present: true, nulls: 0, typeErrors: 0 };
const GOOD: CountedData = {
  rows: 10_000,
  malformedRows: 0,
  complete: true,
  columns: { carrier: good, distance: good, air_time: good },
};

function withColumn(name: string, changes: Partial<typeof good>): CountedData {
  return { ...GOOD, columns: { ...GOOD.columns, [name]: { ...good, ...changes } } };
}

describe('data', () => {
  it('as the policy wants it has no problems', () => {
    expect(dataProblems(GOOD, POLICY)).toEqual([]);
  });

  it.each([
    ['too few rows', { ...GOOD, rows: 999 }, 'It has 999 rows; the policy asks for 1000.'],
    ['unreadable rows', { ...GOOD, malformedRows: 11 }, '11 rows cannot be read.'],
    ['a missing column', withColumn('carrier', { present: false, nulls: 10_000 }), 'Column carrier is missing.'],
    [
      'too many missing values',
      withColumn('distance', { nulls: 2001 }),
      'Column distance has no value in 20 % of the rows; at most 20 % may lack one.',
    ],
    [
      'a row without label',
      withColumn('air_time', { nulls: 1 }),
      'Column air_time has no value in 0.01 % of the rows; at most 0 % may lack one.',
    ],
    [
      'values of another type',
      withColumn('distance', { typeErrors: 500 }),
      'Column distance is no integer in 5 % of the rows.',
    ],
  ])('with %s is refused', (_name, data, problem) => {
    expect(dataProblems(data, POLICY)).toEqual([problem]);
  });

  it.each([
    ['just enough rows', { ...GOOD, rows: 1000, malformedRows: 1 }],
    ['a share of missing values at the limit', withColumn('distance', { nulls: 2000 })],
    ['one row in a thousand unreadable', { ...GOOD, malformedRows: 10 }],
    ['one value in a thousand of another type', withColumn('distance', { typeErrors: 10 })],
  ])('with %s is good enough', (_name, data) => {
    expect(dataProblems(data, POLICY)).toEqual([]);
  });

  it('without any row is told so once, not per column', () => {
    const nothing = { present: false, nulls: 0, typeErrors: 0 };
    const empty = { ...GOOD, rows: 0, columns: { carrier: nothing, distance: nothing, air_time: nothing } };
    expect(dataProblems(empty, POLICY)).toEqual(['It has 0 rows; the policy asks for 1000.']);
  });

  it('with many faults names at most ten of them', () => {
    const names = Array.from({ length: 30 }, (_value, index) => `c${index}`);
    const columns = Object.fromEntries(names.map((name) => [name, 'number' as const]));
    expect(dataProblems(GOOD, { ...POLICY, columns })).toHaveLength(10);
  });
});

describe('the label', () => {
  it('is a number unless the columns say otherwise', () => {
    expect(columnsToCheck(POLICY).air_time).toBe('number');
    expect(columnsToCheck({ ...POLICY, columns: { air_time: 'string' } })).toEqual({ air_time: 'string' });
  });
});
