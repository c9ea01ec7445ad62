/** Without drift the calibrated decision stays quiet, also where samples are large, coarse or have many rare categories. */
import { expect, test } from 'vitest';
import { compareDatasets } from '../../../../src/domain/drift/compare-datasets.ts';
import { collectDataset, type FeatureKind } from '../../../../src/domain/drift/dataset-summary.ts';
import { createRandom, type Random } from '../../../bench/canary/generator/random.ts';
import { type Draw, replaced, zipf } from '../../../bench/drift/draws.ts';

const RUNS = 60;
/** At 1 % a run of 60 has more than four alarms once in ten thousand times. */
const MOST_ALARMS = 4;

function summarise(kind: FeatureKind, rows: number, random: Random, draw: Draw) {
  const collector = collectDataset({ x: kind });
  for (let row = 0; row < rows; row += 1) collector.add({ x: draw(random) });
  return collector.summary();
}

function alarms(kind: FeatureKind, sizes: readonly [number, number], runs: number, draw: Draw, moved = draw): number {
  let found = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    const random = createRandom(seed, 11);
    const reference = summarise(kind, sizes[0], random, draw);
    const current = summarise(kind, sizes[1], random, moved);
    if (compareDatasets(reference, current).verdict === 'drifted') found += 1;
  }
  return found;
}

test.each([
  [200, 200, 50],
  [1000, 1000, 50],
  [1000, 1000, 300],
  [9000, 1000, 800],
])('%d against %d rows of %d categories with a long tail', (reference, current, categories) => {
  expect(alarms('categorical', [reference, current], RUNS, zipf(categories))).toBeLessThanOrEqual(MOST_ALARMS);
});

test.each<[string, Draw]>([
  ['hours', (random) => Math.floor(24 * random.uniform())],
  ['values with one decimal', (random) => Math.round(10 * random.normal()) / 10],
  ['kelvins', (random) => 288 + 0.5 * random.normal()],
])('%s, where only one side is too large to be kept as it is', (_what, draw) => {
  expect(alarms('numerical', [9000, 20_000], 12, draw)).toBeLessThanOrEqual(1);
  expect(alarms('numerical', [20_000, 1000], 12, draw)).toBeLessThanOrEqual(1);
});

test('a new category is found when it is common, and a narrow column that moves by its deviation too', () => {
  const some = zipf(20);
  expect(alarms('categorical', [9000, 1000], 12, some, replaced(0.05, 'new', some))).toBe(12);
  const kelvin: Draw = (random) => 288 + 0.5 * random.normal();
  const warmer: Draw = (random) => 288.5 + 0.5 * random.normal();
  expect(alarms('numerical', [20_000, 1000], 12, kelvin, warmer)).toBe(12);
});

test.each([
  [9000, 200, 20],
  [9000, 200, 200],
  [9000, 1000, 200],
])('%d rows, then %d: one new category in twenty rows is found among %d', (reference, current, categories) => {
  const some = zipf(categories);
  expect(alarms('categorical', [reference, current], 12, some, replaced(0.05, 'new', some))).toBeGreaterThanOrEqual(11);
});

test('a few values beside a constant are found in a small window against a long history', () => {
  const constant: Draw = () => 5;
  expect(alarms('numerical', [9000, 200], 12, constant, replaced(0.05, 6, constant))).toBeGreaterThanOrEqual(11);
  expect(alarms('numerical', [9000, 200], RUNS, replaced(0.05, 6, constant))).toBeLessThanOrEqual(MOST_ALARMS);
});
