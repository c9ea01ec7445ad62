/** The laboratory's result as Markdown tables: false rollback, detection, promotion. */
import type { Scenario } from './generator/scenario.ts';
import { SCENARIOS } from './generator/scenarios.ts';
import { leastRequests } from './limits.ts';
import { detectionRatio, MARGINS, type Results, tallyOf } from './results.ts';
import { OTHER_RULES } from './rules/all-rules.ts';
import { SLIPWAY, SLIPWAY_STRICT } from './run-rollouts.ts';
import { medianOfAll, percentWithError, type Tally } from './tally.ts';

const RULES = [SLIPWAY, SLIPWAY_STRICT, ...OTHER_RULES.map(({ name }) => name)];

export function allTables(results: Results): string {
  return [falseRollbackTable(results), detectionTable(results), promotionTable(results)].join('\n\n');
}

function falseRollbackTable(results: Results): string {
  const rows = scenarios('harmless').map(({ scenario, index }) => [
    title(scenario),
    ...RULES.map((rule) => share(tallyOf(results, index, rule), 'rolledBack')),
  ]);
  return section(
    'False rollback over the whole rollout, % of rollouts (± standard error)',
    ['scenario', ...RULES],
    rows,
  );
}

function detectionTable(results: Results): string {
  const rows = scenarios('rollback').map(({ scenario, index }) => {
    const ratio = detectionRatio(results, index)?.toFixed(2) ?? '-';
    const least = leastRequests(scenario, MARGINS).toFixed(0);
    return [title(scenario), least, ratio, ...RULES.map((rule) => detection(tallyOf(results, index, rule)))];
  });
  const heading =
    'Detection in 60 looks: % detected, median green requests from the onset (early: % rolled back before it); ratio: Slipway .05 to N* in whole looks';
  return section(heading, ['scenario', 'N*', 'ratio', ...RULES], rows);
}

function promotionTable(results: Results): string {
  const rows = [...scenarios('no-promotion'), ...scenarios('harmless')].map(({ scenario, index }) => {
    const slipway = tallyOf(results, index, SLIPWAY);
    const median = medianOfAll(slipway.requestsToPromotion, slipway.rollouts);
    return [title(scenario), share(slipway, 'promoted'), share(slipway, 'rolledBack'), median?.toFixed(0) ?? '-'];
  });
  return section(
    'Promotion by Slipway in 60 looks, % of rollouts',
    ['scenario', 'promoted', 'rolled back', 'median green requests to promotion'],
    rows,
  );
}

function scenarios(expected: Scenario['expected']): { scenario: Scenario; index: number }[] {
  return SCENARIOS.map((scenario, index) => ({ scenario, index })).filter(
    ({ scenario }) => scenario.expected === expected,
  );
}

function title({ name, about }: Scenario): string {
  return `${name}: ${about}`;
}

function share(tally: Tally, what: 'rolledBack' | 'promoted'): string {
  const { percent, error } = percentWithError(tally[what], tally.rollouts);
  return `${percent.toFixed(1)} ±${error.toFixed(1)}`;
}

function detection(tally: Tally): string {
  const { percent } = percentWithError(tally.requestsToRollback.length, tally.rollouts);
  const median = medianOfAll(tally.requestsToRollback, tally.rollouts);
  const early =
    tally.tooEarly > 0 ? ` (early ${percentWithError(tally.tooEarly, tally.rollouts).percent.toFixed(0)})` : '';
  return `${percent.toFixed(0)} %, ${median ?? '-'}${early}`;
}

function section(heading: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [`## ${heading}`, '', line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
