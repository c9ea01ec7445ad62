/** The `$filter` of metric queries. */
import { describe, expect, test } from 'vitest';
import { parseMetricFilter } from '../../../local/monitor/metrics/metric-filter.ts';

const parse = (filter: string) =>
  parseMetricFilter(filter).map(({ dimension, values }) => `${dimension}=${values ? [...values].join('|') : '*'}`);

describe('accepted filters', () => {
  test.each([
    ["deployment eq 'green'", ['deployment=green']],
    ["Deployment EQ 'Green' AND statusCodeClass eq '*'", ['deployment=green', 'statuscodeclass=*']],
    ["A eq 'a1' and B eq 'b1' or B eq 'b2' and C eq '*'", ['a=a1', 'b=b1|b2', 'c=*']],
    ["(A eq 'x' or A eq 'y') and B eq 'it''s'", ['a=x|y', "b=it's"]],
    ["A eq 'x' or A eq '*'", ['a=*']],
    ["  A eq ''  ", ['a=']],
  ])('%s', (filter, expected) => expect(parse(filter)).toEqual(expected));
});

describe('refused filters', () => {
  test.each([
    ["A eq 'x' or B eq 'y'", 'different dimensions'],
    ["A eq 'x' and A eq 'y'", 'appears twice'],
    ["A ne 'x'", 'the form'],
    ['A eq x', 'the form'],
    ["A eq 'x' B", 'not expected'],
    ["(A eq 'x'", "')' is missing"],
    ["A eq 'x", 'cannot be read'],
    ["A eq 'x' and", 'the form'],
    ['', 'the form'],
    [`A eq '${'x'.repeat(2001)}'`, 'longer than 2000'],
  ])('%s', (filter, message) => expect(() => parse(filter)).toThrow(message));
});
