/** The mutation run's own parts: the choice, a mutant put into its source, and the report. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chooseSample } from './choose-sample.ts';
import { listMutants } from './list-mutants.ts';
import { type JudgedMutant, originalText, withMutant } from './mutant.ts';
import { noticedPercent, reportOf } from './report.ts';

const SOURCE = 'export function isOld(age: number): boolean {\n  return age > 30;\n}\n';
const MUTANT: JudgedMutant = {
  file: 'src/a.ts',
  start: { line: 2, column: 10 },
  end: { line: 2, column: 18 },
  mutator: 'EqualityOperator',
  replacement: 'age >= 30',
  outcome: 'survived',
};

it('a sample is the same for the same seed, another for another seed, and all when it asks for more', () => {
  const all = Array.from({ length: 100 }, (_, index) => index);
  const sample = chooseSample(all, 10, 1);
  expect(sample).toHaveLength(10);
  expect(new Set(sample).size).toBe(10);
  expect(sample).toEqual(sample.toSorted((a, b) => a - b));
  expect(chooseSample(all, 10, 1)).toEqual(sample);
  expect(chooseSample(all, 10, 2)).not.toEqual(sample);
  expect(chooseSample(all, 1_000, 1)).toEqual(all);
});

it('each listed mutant names its place, so that it can be put into the source', async () => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-mutants-'));
  try {
    writeFileSync(join(root, 'is-old.ts'), SOURCE);
    const mutants = await listMutants(root, ['is-old.ts']);
    expect(mutants.map((mutant) => withMutant(SOURCE, mutant).split('\n')[1])).toEqual(
      expect.arrayContaining(['  return true;', '  return false;', '  return age >= 30;', '  return age <= 30;']),
    );
    await expect(listMutants(root, ['nothing'])).rejects.toThrow('No TypeScript file in nothing.');
  } finally {
    rmSync(root, { recursive: true });
  }
});

it('the report counts a type error as noticed and shows each survivor with its change', () => {
  const mutants = (['killed', 'killed', 'type-error', 'survived'] as const).map((outcome) => ({ ...MUTANT, outcome }));
  expect(noticedPercent(mutants)).toBe(75);
  expect(reportOf(mutants, (mutant) => originalText(SOURCE, mutant)).split('\n')).toEqual([
    'survived    src/a.ts:2:10  EqualityOperator',
    '              age > 30  =>  age >= 30',
    '2 killed, 1 refused by the compiler, 1 survived, 0 not covered: 75.0 % of 4 noticed',
  ]);
});

it('without a mutant everything is noticed', () => {
  expect(noticedPercent([])).toBe(100);
});
