/** The calibrated decision: what has drifted, how it is said, and when there is nothing to say. */
import { expect, test } from 'vitest';
import { compareDatasets } from '../../../../src/domain/drift/compare-datasets.ts';
import { collectDataset, type FeatureKinds } from '../../../../src/domain/drift/dataset-summary.ts';

const KINDS: FeatureKinds = { distance: 'numerical', carrier: 'categorical' };

/** Evenly spread distances and carriers in turn; `changes` lays over each row. */
function dataset(rows: number, changes: (index: number) => Record<string, unknown> = () => ({}), kinds = KINDS) {
  const collector = collectDataset(kinds);
  for (let index = 0; index < rows; index += 1) {
    const distance = 100 + ((index * 7919) % 1000);
    collector.add({ distance, carrier: ['UA', 'B6', 'DL'][index % 3], ...changes(index) });
  }
  return collector.summary();
}

test('the same distribution is stable on small and large samples', () => {
  for (const rows of [200, 1000, 12_000]) {
    const report = compareDatasets(dataset(9000), dataset(rows));
    expect(report.verdict).toBe('stable');
    expect(report.features.map(({ verdict }) => verdict)).toEqual(['stable', 'stable']);
  }
});

test('a moved feature is named with its median before and now, and comes first', () => {
  const report = compareDatasets(
    dataset(2000),
    dataset(1000, (index) => ({ distance: 300 + ((index * 7919) % 1000) })),
  );
  expect(report.verdict).toBe('drifted');
  expect(report.sentence).toBe('1 of 2 features have moved: distance (1000 rows against 2000 of the reference).');
  expect(report.features[0]).toMatchObject({ feature: 'distance', verdict: 'drifted', kind: 'numerical' });
  expect(report.features[0]?.sentence).toContain('its median went from 599 to 799');
  expect(report.features[1]?.verdict).toBe('stable');
});

test('a sure but tiny movement is no drift', () => {
  const slightly = (index: number) => ({ carrier: index % 100 < 36 ? 'UA' : ['B6', 'DL'][index % 2] });
  const report = compareDatasets(dataset(90_000), dataset(90_000, slightly));
  const carrier = report.features.find(({ feature }) => feature === 'carrier');
  expect(carrier?.adjustedP).toBeLessThan(0.001);
  expect(carrier?.index).toBeLessThan(0.02);
  expect(carrier?.verdict).toBe('stable');
});

test('an unseen category is a drift of its own', () => {
  const report = compareDatasets(
    dataset(3000),
    dataset(1000, (index) => (index % 20 === 0 ? { carrier: 'XX' } : {})),
  );
  expect(report.features[0]).toMatchObject({ feature: 'carrier', verdict: 'drifted' });
});

test('values that go missing are a drift, also when none is left', () => {
  const some = compareDatasets(
    dataset(3000),
    dataset(1000, (index) => (index % 10 === 0 ? { distance: null } : {})),
  );
  expect(some.features[0]?.sentence).toContain('missing values went from 0 % to 10 %');
  const all = compareDatasets(
    dataset(3000),
    dataset(1000, () => ({ distance: null })),
  );
  expect(all.features[0]).toMatchObject({ feature: 'distance', verdict: 'drifted', azure: null });
  expect(all.features[0]?.sentence).toContain('no row has a value any more');
});

test('a constant column that stays is stable, and one that changes has drifted', () => {
  const constant = (value: number) => () => ({ distance: value });
  expect(compareDatasets(dataset(500, constant(5)), dataset(500, constant(5))).verdict).toBe('stable');
  const changed = compareDatasets(dataset(500, constant(5)), dataset(500, constant(6)));
  expect(changed.features[0]).toMatchObject({ feature: 'distance', verdict: 'drifted' });
});

test.each([
  ['too few rows', dataset(3000), dataset(99), 'there are too few rows'],
  ['no rows at all', dataset(3000), dataset(0), 'there are too few rows'],
  [
    'a reference without a value',
    dataset(500, () => ({ distance: null, carrier: null })),
    dataset(500),
    'no value of it',
  ],
  [
    'identifiers',
    dataset(5000, (index) => ({ carrier: `id${index}`, distance: null })),
    dataset(500),
    'too many different',
  ],
])('%s: nothing is decided, and the sentence says why', (_what, reference, current, why) => {
  const report = compareDatasets(reference, current);
  expect(report.verdict).toBe('no-data');
  expect(report.features.every(({ verdict, pValue }) => verdict === 'no-data' && pValue === null)).toBe(true);
  expect(report.features.map(({ sentence }) => sentence).join(' ')).toContain(why);
  expect(JSON.stringify(report)).not.toContain('NaN');
});

test('numbers in text, infinities and NaN never reach a verdict', () => {
  const odd = (index: number) => ({ distance: ['12', Number.NaN, Number.POSITIVE_INFINITY, 100 + index][index % 4] });
  const report = compareDatasets(dataset(1000, odd), dataset(1000, odd));
  expect(report.verdict).toBe('stable');
});

test('relabelled categories and a stretched scale change nothing', () => {
  const moved = (index: number) => ({
    distance: 150 + ((index * 7919) % 1000),
    carrier: ['UA', 'UA', 'DL'][index % 3],
  });
  const renamed = (text: unknown) => `airline ${String(text)}`;
  const plain = compareDatasets(dataset(2000), dataset(1000, moved));
  const other = compareDatasets(
    dataset(2000, (index) => ({
      distance: 4 * (100 + ((index * 7919) % 1000)),
      carrier: renamed(['UA', 'B6', 'DL'][index % 3]),
    })),
    dataset(1000, (index) => ({ distance: 4 * moved(index).distance, carrier: renamed(moved(index).carrier) })),
  );
  expect(other.features.map(({ feature, index }) => [feature, index])).toEqual(
    plain.features.map(({ feature, index }) => [feature, index]),
  );
});

test('a feature of another kind is refused by name', () => {
  const other = dataset(500, () => ({}), { distance: 'categorical', carrier: 'categorical' });
  expect(() => compareDatasets(dataset(500), other)).toThrow('distance');
});
