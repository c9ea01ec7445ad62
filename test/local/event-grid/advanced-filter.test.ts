/** Every advanced filter operator against present, absent and list values. */
import { expect, test } from 'vitest';
import { matchesAdvancedFilter } from '../../../local/event-grid/advanced-filter.ts';
import type { AdvancedFilter } from '../../../local/event-grid/subscription-schema.ts';

const fields = {
  id: '1',
  subject: 'models/Flights:2',
  data: {
    Drift: 0.5,
    Count: 3,
    Final: true,
    RunTags: { Breached: 'Signal HAS failed' },
    Tags: ['Red', 'Blue'],
    Gone: null,
  },
};

const matches = (filter: object, onArrays = false) =>
  matchesAdvancedFilter({ ...filter } as AdvancedFilter, fields, onArrays);

test.each([
  ['StringIn', 'subject', ['x', 'MODELS/flights:2'], true],
  ['StringIn', 'subject', ['models/flights'], false],
  ['StringNotIn', 'subject', ['models/flights:2'], false],
  ['StringNotIn', 'subject', ['other'], true],
  ['StringContains', 'data.runtags.breached', ['has failed'], true],
  ['StringContains', 'data.RunTags.Breached', ['succeeded'], false],
  ['StringNotContains', 'subject', ['flights', 'zzz'], false],
  ['StringNotContains', 'subject', ['yyy', 'zzz'], true],
  ['StringBeginsWith', 'subject', ['MODELS/'], true],
  ['StringNotBeginsWith', 'subject', ['models/'], false],
  ['StringEndsWith', 'subject', [':2'], true],
  ['StringNotEndsWith', 'subject', [':3'], true],
  ['StringIn', 'data.Count', ['3'], false],
  ['NumberIn', 'data.count', [1, 3], true],
  ['NumberNotIn', 'data.count', [1, 3], false],
  ['NumberNotIn', 'subject', [1], false],
  [
    'NumberInRange',
    'data.drift',
    [
      [0, 0.1],
      [0.4, 0.5],
    ],
    true,
  ],
  ['NumberNotInRange', 'data.drift', [[0.4, 0.6]], false],
  ['NumberNotInRange', 'data.drift', [[0.6, 0.8]], true],
])('%s of %s with %j gives %s', (operatorType, key, values, expected) => {
  expect(matches({ operatorType, key, values })).toBe(expected);
});

test.each([
  ['NumberLessThan', 0.5, false],
  ['NumberLessThanOrEquals', 0.5, true],
  ['NumberGreaterThan', 0.4, true],
  ['NumberGreaterThanOrEquals', 0.6, false],
])('%s %d of a drift of 0.5 gives %s', (operatorType, value, expected) => {
  expect(matches({ operatorType, key: 'data.drift', value })).toBe(expected);
});

test('a boolean equals itself only, never its text', () => {
  expect(matches({ operatorType: 'BoolEquals', key: 'data.final', value: true })).toBe(true);
  expect(matches({ operatorType: 'BoolEquals', key: 'data.final', value: false })).toBe(false);
  expect(matches({ operatorType: 'BoolEquals', key: 'subject', value: true })).toBe(false);
});

test.each(['data.Missing', 'data.Gone', 'data.Drift.Deeper', 'nothing.at.all'])(
  'absent %s is null or undefined',
  (key) => {
    expect(matches({ operatorType: 'IsNullOrUndefined', key })).toBe(true);
    expect(matches({ operatorType: 'IsNotNull', key })).toBe(false);
    expect(matches({ operatorType: 'StringNotIn', key, values: ['a'] })).toBe(true);
    expect(matches({ operatorType: 'NumberNotIn', key, values: [1] })).toBe(true);
    expect(matches({ operatorType: 'StringNotContains', key, values: ['a'] })).toBe(false);
    expect(matches({ operatorType: 'StringIn', key, values: ['a'] })).toBe(false);
  },
);

test('a list matches only when filtering on arrays is on: any element, or none for a negation', () => {
  const contains = { operatorType: 'StringContains', key: 'data.tags', values: ['red'] };
  const notContains = { operatorType: 'StringNotContains', key: 'data.tags', values: ['red'] };
  expect([matches(contains), matches(contains, true)]).toEqual([false, true]);
  expect([matches(notContains), matches(notContains, true)]).toEqual([false, false]);
  expect(matches({ ...notContains, values: ['green'] }, true)).toBe(true);
});
