/** The laboratory's own instruments against scipy 1.17.1 and closed forms. */
import { expect, test } from 'vitest';
import { compareDatasets } from '../../../src/domain/drift/compare-datasets.ts';
import { createRandom } from '../canary/generator/random.ts';
import { contingencyPValue } from './contingency.ts';
import { equallyOften, heavyTailed, replaced, zipf } from './draws.ts';
import { exactMetrics } from './exact-metrics.ts';
import { joinResults, repeat } from './experiment.ts';
import { verdictsOf } from './rules.ts';
import { EXPERIMENTS } from './run-laboratory.ts';
import { summarise } from './single-columns.ts';

test('the contingency test has the p-values of scipy.stats.chi2_contingency', () => {
  expect(contingencyPValue({ A: 500, B: 300, C: 200 }, { A: 450, B: 380, C: 170 })).toBeCloseTo(
    0.0007188282926780955,
    12,
  );
  const withNew = contingencyPValue({ A: 50, B: 30, C: 20 }, { A: 40, B: 35, C: 15, Z: 10 });
  expect(withNew).toBeCloseTo(0.006697303426989618, 12);
  expect(contingencyPValue({ A: 50, B: 30, C: 20 }, { A: 55, B: 45 })).toBeCloseTo(8.993147863980187e-6, 15);
  expect(contingencyPValue({ A: 5 }, { A: 9 })).toBe(1);
});

test('the exact numbers are those of numpy.histogram and scipy on the same values', () => {
  const found = exactMetrics(Float64Array.from([1, 1, 2, 2, 3, 3, 4]), Float64Array.from([2, 3, 3, 4, 4, 4]));
  expect(found.jensenShannonDistance).toBeCloseTo(0.4810451948583291, 12);
  expect(found.populationStabilityIndex).toBeCloseTo(0.3704807880272553, 12);
  expect(found.normalizedWassersteinDistance).toBeCloseTo(0.9415130835240082, 12);
});

test('categories come as often as their weights say, replaced ones too', () => {
  const random = createRandom(1, 1);
  const share = (draw: ReturnType<typeof zipf>, category: string) => {
    const rows = 20_000;
    return Array.from({ length: rows }, () => draw(random)).filter((found) => found === category).length / rows;
  };
  expect(share(zipf(3), 'c0')).toBeCloseTo(6 / 11, 1);
  expect(share(equallyOften(5), 'c4')).toBeCloseTo(0.2, 1);
  expect(share(replaced(0.4, 'new', zipf(3)), 'new')).toBeCloseTo(0.4, 1);
});

test('the same seeds give the same figures, in one go and in parts', () => {
  for (const experiment of [EXPERIMENTS[0], EXPERIMENTS.at(-1)].filter((found) => found !== undefined)) {
    const parts = joinResults(repeat(experiment, 2, 1), repeat(experiment, 1, 1), experiment.joinedBy);
    expect(parts).toEqual(repeat(experiment, 1, 2));
  }
});

test('from 10,000 rows on the Kolmogorov-Smirnov rule has no verdict, and below it has one', () => {
  const verdicts = (rows: number) => {
    const random = createRandom(1, 2);
    const [before, now] = [0, 1].map(() => summarise('numerical', rows, random, heavyTailed()));
    if (!before || !now) throw new Error('Two samples were drawn.');
    return compareDatasets(before, now).features.map((feature) => [...verdictsOf(feature, before, now).keys()]);
  };
  expect(verdicts(500)[0]).toContain('KS p < 0.05');
  expect(verdicts(10_000)[0]).not.toContain('KS p < 0.05');
});
