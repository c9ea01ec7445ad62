/** One column at a time: how often each rule raises an alarm without drift and with it. */
import { compareDatasets } from '../../../src/domain/drift/compare-datasets.ts';
import { collectDataset, type DatasetSummary, type FeatureKind } from '../../../src/domain/drift/dataset-summary.ts';
import { createRandom, type Random } from '../canary/generator/random.ts';
import type { Draw } from './draws.ts';
import type { Experiment, Figures, Result } from './experiment.ts';
import { verdictsOf } from './rules.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

/** Rates of false alarms are small and need the most trials; drift is drawn in every fourth. */
const DRIFT_EVERY = 4;
const DRIFT_TRIALS = 'trials with drift';

export type Outcome = 'false alarm' | 'found';

/** Under this name the alarms are counted. */
export function figureOf(outcome: Outcome, rule: string): string {
  return `${outcome}: ${rule}`;
}

/** Trials without drift, or those with it. */
export function trialsOf(outcome: Outcome, { repetitions, figures }: Result): number {
  return outcome === 'found' ? (figures[DRIFT_TRIALS] ?? 0) : repetitions;
}

export function summarise(kind: FeatureKind, rows: number, random: Random, draw: Draw): DatasetSummary {
  const collector = collectDataset({ x: kind });
  for (let row = 0; row < rows; row += 1) collector.add({ x: draw(random) });
  return collector.summary();
}

export const SINGLE_COLUMNS: readonly Experiment[] = SCENARIOS.map((scenario, index) => ({
  name: nameOf(scenario),
  effort: effortFor(scenario),
  joinedBy: 'sum',
  trial: (seed) => compareOnce(scenario, seed, 100 + index),
}));

function nameOf({ column, drift, referenceRows, currentRows }: Scenario): string {
  return `${column} -> ${drift}, ${referenceRows}/${currentRows}`;
}

/** Small samples cost little and have the least certain rates; large ones cost seconds and are never in doubt. */
function effortFor({ kind, referenceRows, currentRows }: Scenario): number {
  const rows = referenceRows + currentRows;
  if (rows <= 400) return 4;
  if (rows <= 2000) return kind === 'numerical' ? 3 : 4;
  if (rows <= 10_000) return kind === 'numerical' ? 1.2 : 2;
  return rows <= 20_000 ? 0.25 : 0.1;
}

function compareOnce(
  { kind, referenceRows, currentRows, draw, moved }: Scenario,
  seed: number,
  stream: number,
): Figures {
  const random = createRandom(seed, stream);
  const reference = summarise(kind, referenceRows, random, draw);
  const quiet = alarms('false alarm', reference, summarise(kind, currentRows, random, draw));
  if (seed % DRIFT_EVERY !== 0) return quiet;
  const drifted = alarms('found', reference, summarise(kind, currentRows, random, moved));
  return { ...quiet, ...drifted, [DRIFT_TRIALS]: 1 };
}

function alarms(outcome: Outcome, reference: DatasetSummary, current: DatasetSummary): Figures {
  const [feature] = compareDatasets(reference, current).features;
  if (!feature) throw new Error('A data set of one column gave no feature.');
  const verdicts = [...verdictsOf(feature, reference, current)];
  return Object.fromEntries(verdicts.map(([rule, isAlarm]) => [figureOf(outcome, rule), isAlarm ? 1 : 0]));
}
