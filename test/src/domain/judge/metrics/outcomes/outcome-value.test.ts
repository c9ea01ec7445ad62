import { describe, expect, it } from 'vitest';
import type { OutcomeMeasure } from '../../../../../../src/domain/judge/metrics/outcomes/outcome-value.ts';
import { outcomeValue } from '../../../../../../src/domain/judge/metrics/outcomes/outcome-value.ts';

const hit: OutcomeMeasure = { kind: 'hit', outcome: 'clicked' };
const value: OutcomeMeasure = { kind: 'value', outcome: 'revenue', range: [0, 50] };
const equal: OutcomeMeasure = { kind: 'equal', outcome: 'label', prediction: 'class' };
const within: OutcomeMeasure = { kind: 'within', outcome: 'label', prediction: 'minutes', tolerance: 10 };
const distance: OutcomeMeasure = { kind: 'distance', outcome: 'label', prediction: 'minutes', most: 60 };

describe('the value of an answer', () => {
  it.each([
    ['a hit', hit, null, true, 1],
    ['a hit in text', hit, null, '1', 1],
    ['no hit', hit, null, 0, 0],
    ['a hit that nobody told of', hit, null, undefined, 0],
    ['an outcome that is no flag', hit, null, 'maybe', 0],
    ['a value', value, null, 12.5, 12.5],
    ['a value in text', value, null, '12.5', 12.5],
    ['a value beyond the range', value, null, 1e9, 50],
    ['a value below the range', value, null, -3, 0],
    ['no value', value, null, undefined, 0],
    ['not a number', value, null, Number.NaN, 0],
    ['the right class', equal, 'late', 'late', 1],
    ['the right class, as number and text', equal, 3, '3', 1],
    ['the wrong class', equal, 'late', 'early', 0],
    ['a class whose label is not known', equal, 'late', undefined, null],
    ['a prediction at the tolerance', within, 110, 100, 1],
    ['a prediction beyond it', within, 110.1, 100, 0],
    ['no prediction for a known label', within, null, 100, 0],
    ['a prediction whose label is not known', within, 110, '', null],
    ['a distance', distance, 130, 100, -30],
    ['a distance beyond the most', distance, 1e6, 100, -60],
    ['no prediction where there should be one', distance, 'NaN', 100, -60],
  ])('%s', (_name, measure, prediction, outcome, expected) => {
    expect(outcomeValue(measure, prediction, outcome)).toBe(expected);
  });
});
