/** Lines of losses: what is made of them, and what is told of a line that cannot be used. */
import { expect, test } from 'vitest';
import { collectLosses } from '../../../../src/domain/gate/loss-sample.ts';
import { lossesProblems } from '../../../../src/domain/gate/losses-agreement.ts';
import { samplesOf } from './seeded-losses.ts';

const LINES = [
  { champion: 2, challenger: 1, slices: ['a'] },
  { champion: 5, challenger: 0.5, slices: [] },
  { champion: 1, challenger: 3, slices: ['a', 'a', 'stranger'] },
];

test('all rows and the named slices become samples; a slice that no row is in is empty', () => {
  const { overall, slices } = samplesOf(LINES, ['a', 'b']);
  expect(overall).toMatchObject({ rows: 3, championLoss: 8 / 3, challengerLoss: 1.5, worse: 1, better: 2 });
  expect([...overall.differences]).toEqual([-4.5, -1, 2]);
  expect(overall).toMatchObject({ differenceMean: -3.5 / 3, isZeroOne: false });
  expect(Object.keys(slices)).toEqual(['a', 'b']);
  expect([...(slices.a?.differences ?? [])]).toEqual([-1, 2]);
  expect(slices.b).toMatchObject({ rows: 0, differenceMean: 0, isZeroOne: false });
});

test('losses are 0 or 1 only when those of the whole file are', () => {
  const bits = [
    { champion: 0, challenger: 1, slices: ['a'] },
    { champion: 0, challenger: 0, slices: [] },
  ];
  expect(samplesOf(bits, ['a']).slices.a?.isZeroOne).toBe(true);
  const mixed = samplesOf([...bits, { champion: 0.5, challenger: 0, slices: [] }], ['a']);
  expect(mixed.slices.a?.isZeroOne).toBe(false);
});

test.each([
  ['no object', null, 'is no JSON object'],
  ['no champion', { challenger: 1, slices: [] }, 'has no loss as champion: it is missing'],
  ['a text', { champion: 1, challenger: '1', slices: [] }, 'has no loss as challenger: "1"'],
  ['infinity', { champion: Number.POSITIVE_INFINITY, challenger: 1, slices: [] }, 'has no loss as champion'],
  ['no number', { champion: 1, challenger: Number.NaN, slices: [] }, 'has no loss as challenger'],
  ['a loss that cannot be summed', { champion: 1e200, challenger: 1, slices: [] }, 'has no loss as champion: 1e+200'],
  ['no slices', { champion: 1, challenger: 1 }, 'has no list as slices: it is missing; a row of no slice has []'],
  ['a slice without name', { champion: 1, challenger: 1, slices: ['a', 3] }, 'names a slice that is no text: 3'],
  ['slices without end', { champion: 1, challenger: 1, slices: Array(101).fill('a') }, 'is in 101 slices'],
])('a line with %s is told by its number', (_what, row, told) => {
  const collector = collectLosses(['a']);
  expect(collector.add({ champion: 1, challenger: 2, slices: [] })).toBeNull();
  expect(collector.add(row)).toContain(`Line 2 ${told}`);
});

test('more lines than are read are refused', () => {
  const collector = collectLosses(['a'], { rows: 1, entries: 2 });
  expect(collector.add({ champion: 1, challenger: 2, slices: ['a'] })).toBeNull();
  expect(collector.add({ champion: 1, challenger: 2, slices: [] })).toContain('more than 1 lines');
  const sliced = collectLosses(['a'], { rows: 9, entries: 3 });
  expect(sliced.add({ champion: 1, challenger: 2, slices: ['a', 'b'] })).toBeNull();
  expect(sliced.add({ champion: 1, challenger: 2, slices: ['a'] })).toContain('more than 3 together');
});

const METRICS = { 'gate.rows': 3, 'gate.difference_mean': -3.5 / 3 };

test('rows agree with the metrics that speak of them', () => {
  const samples = samplesOf(LINES, ['a', 'b']);
  const ofSlice = { 'gate.slice.a.rows': 2, 'gate.slice.a.difference_mean': 0.5 + 1e-9 };
  expect(lossesProblems(samples, { ...METRICS, ...ofSlice })).toEqual([]);
});

test.each([
  ['another number of rows', { 'gate.rows': 4 }, ['has 3 rows, but the metric gate.rows is 4']],
  ['another mean', { 'gate.difference_mean': -1 }, ['is -1.16', 'but the metric gate.difference_mean is -1.']],
  ['no number as mean', { 'gate.difference_mean': Number.NaN }, ['gate.difference_mean is NaN']],
  ['other rows of a slice', { 'gate.slice.a.rows': 3 }, ['has 2 rows, but the metric gate.slice.a.rows is 3']],
  ['rows of an empty slice', { 'gate.slice.b.rows': 9 }, ['has 0 rows, but the metric gate.slice.b.rows is 9']],
])('%s than the metrics say is told with both numbers', (_what, changes, told) => {
  const problems = lossesProblems(samplesOf(LINES, ['a', 'b']), { ...METRICS, ...changes });
  expect(problems).toHaveLength(1);
  for (const words of told) expect(problems[0]).toContain(words);
});

test('without metrics of all rows nothing agrees', () => {
  expect(lossesProblems(samplesOf(LINES), {})).toEqual([
    'The job did not log the metric gate.rows.',
    'The job did not log the metric gate.difference_mean.',
  ]);
});
