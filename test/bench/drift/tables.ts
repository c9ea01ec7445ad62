/** The tables of the drift laboratory: single columns, many features at once, distance from the exact numbers. */
import type { FeatureKind } from '../../../src/domain/drift/dataset-summary.ts';
import { percentWithError } from '../canary/tally.ts';
import { DEVIATION, DEVIATIONS_OF } from './deviation.ts';
import { type Experiment, NO_RESULT, type Result } from './experiment.ts';
import { MANY_FEATURES, MOVED_FEATURES, figureOf as manyFigure, SELECTIONS, type Selection } from './many-features.ts';
import { RULES } from './rules.ts';
import type { Results } from './run-laboratory.ts';
import { SCENARIOS } from './scenarios.ts';
import { figureOf, type Outcome, SINGLE_COLUMNS, trialsOf } from './single-columns.ts';

export function allTables(results: Results): string {
  return [
    singleTable(results, 'numerical', 'One numeric column'),
    singleTable(results, 'categorical', 'One categorical column'),
    manyTable(results),
    deviationTable(results),
  ].join('\n\n');
}

function singleTable(results: Results, kind: FeatureKind, heading: string): string {
  const rows = SINGLE_COLUMNS.flatMap((experiment, at) => {
    if (SCENARIOS[at]?.kind !== kind) return [];
    const result = resultOf(results, experiment);
    const cell = (rule: string) => `${rate(result, 'false alarm', rule)} / ${rate(result, 'found', rule)}`;
    const trials = `${result.repetitions} / ${trialsOf('found', result)}`;
    return [[experiment.name, trials, ...RULES[kind].map(cell)]];
  });
  return section(
    `${heading}: % alarms without drift / with the drift named (± standard error); - where the rule refuses`,
    ['column -> drift, rows of reference/current', 'repetitions', ...RULES[kind]],
    rows,
  );
}

function rate(result: Result, outcome: Outcome, rule: string): string {
  const alarms = result.figures[figureOf(outcome, rule)];
  return alarms === undefined ? '-' : withError(alarms, trialsOf(outcome, result));
}

/** One decimal for both, which is what some hundred repetitions can tell. */
function withError(count: number, of: number): string {
  const { percent, error } = percentWithError(count, of);
  return `${percent.toFixed(1)} ±${error.toFixed(1)}`;
}

function manyTable(results: Results): string {
  const rows = MANY_FEATURES.map((experiment) => {
    const result = resultOf(results, experiment);
    return [
      experiment.name,
      String(result.repetitions),
      ...SELECTIONS.map((selection) => selectionCell(result, selection, experiment)),
    ];
  });
  return section(
    'Twenty features at once: % of comparisons with any false alarm / mean % of alarms that are false / % of moved features found (± standard error)',
    ['features, rows of reference/current', 'repetitions', ...SELECTIONS],
    rows,
  );
}

function selectionCell({ repetitions, figures }: Result, selection: Selection, { name }: Experiment): string {
  const figure = (quantity: Parameters<typeof manyFigure>[1]) => figures[manyFigure(selection, quantity)] ?? 0;
  const any = withError(figure('any false'), repetitions);
  const share = figure('false share') / repetitions;
  const spread = Math.max(0, figure('false share squared') / repetitions - share ** 2);
  const mean = `${(100 * share).toFixed(1)} ±${(100 * Math.sqrt(spread / repetitions)).toFixed(1)}`;
  const found = name.startsWith('0 ') ? '-' : withError(figure('moved found'), MOVED_FEATURES * repetitions);
  return `${any} / ${mean} / ${found}`;
}

function deviationTable(results: Results): string {
  const rows = DEVIATION.map((experiment) => {
    const { repetitions, figures } = resultOf(results, experiment);
    return [
      experiment.name,
      String(repetitions),
      ...DEVIATIONS_OF.map((name) => (figures[name] ?? 0).toExponential(1)),
    ];
  });
  return section(
    "Azure's numbers as shown, from the definition on the raw values: largest deviation",
    ['column, rows of reference/current', 'repetitions', ...DEVIATIONS_OF],
    rows,
  );
}

export function resultOf(results: Results, experiment: Experiment): Result {
  return results.get(experiment) ?? NO_RESULT;
}

export function section(heading: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [`## ${heading}`, '', line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
