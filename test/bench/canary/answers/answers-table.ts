/** The laboratory's result on outcomes and predictions as a Markdown table. */
import { DEFAULT_OPTIONS } from '../default-options.ts';
import { errorDistance } from '../limits.ts';
import { medianOfAll, percentWithError, type Tally } from '../tally.ts';
import { ANSWER_SCENARIOS, type AnswerScenario, CLASSES, MARGINS } from './answer-scenario.ts';
import { PROMOTE_MARGIN } from './judge-answers.ts';

const COLUMNS = [
  'scenario',
  'rollouts',
  'found, % (± standard error)',
  'median requests of green',
  'N*',
  'ratio',
  'assured, %',
];

export function answersTable(tallies: readonly Tally[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = ANSWER_SCENARIOS.map((scenario, index) => rowOf(scenario, tallies[index]));
  const { rate, mean, predictions } = MARGINS;
  return `## Outcomes and predictions, each alone at ${DEFAULT_OPTIONS.alpha}, in 60 buckets

Margins: ${points(rate)} of a rate, ${100 * mean} % of a mean, ${points(predictions)} of predictions; promotion must rule out a loss of ${points(PROMOTE_MARGIN)} or ${100 * PROMOTE_MARGIN} %. Found: what outcomes find is rolled back if other metrics do not say more, what predictions find is held. Requests count from the onset; N* is ln(1 / ${DEFAULT_OPTIONS.alpha}) / KL of the one event that differs most, ratio the median to it in whole buckets. Assured: outcomes alone would have let green be promoted before it was found.

${[line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(line)].join('\n')}`;
}

function rowOf(scenario: AnswerScenario, tally: Tally | undefined): string[] {
  if (!tally) return [];
  const found = scenario.expected === 'found' ? tally.requestsToRollback.length : tally.rolledBack;
  const { percent, error } = percentWithError(found, tally.rollouts);
  const early = tally.tooEarly > 0 ? ` (early ${tally.tooEarly})` : '';
  const median = medianOfAll(tally.requestsToRollback, tally.rollouts);
  const least = leastRequests(scenario);
  const looks = least === null ? null : scenario.green * Math.ceil(least / scenario.green);
  const isOutcome = scenario.of === 'rate' || scenario.of === 'mean';
  return [
    `${scenario.name}: ${scenario.about}`,
    String(tally.rollouts),
    `${percent.toFixed(1)} ±${error.toFixed(1)}${early}`,
    median?.toFixed(0) ?? '-',
    least?.toFixed(0) ?? '-',
    median !== null && looks !== null ? (median / looks).toFixed(2) : '-',
    isOutcome ? percentWithError(tally.promoted, tally.rollouts).percent.toFixed(1) : '-',
  ];
}

/** Of the binary event that differs most; null for means, which have no closed form, and where nothing is to be found. */
function leastRequests(scenario: AnswerScenario): number | null {
  if (scenario.expected === 'harmless' || scenario.of === 'mean') return null;
  const bluePerGreen = scenario.blue / scenario.green;
  const distance =
    scenario.of === 'rate'
      ? errorDistance(1 - scenario.rate(scenario.onset), scenario.loss, bluePerGreen, MARGINS.rate)
      : errorDistance(shareOf(scenario.of), scenario.shift, bluePerGreen, MARGINS.predictions);
  return Math.log(1 / DEFAULT_OPTIONS.alpha) / distance;
}

/** Share of blue of the event that green has more of: below the median, or not of the second class. */
function shareOf(of: 'numbers' | 'classes' | 'copies'): number {
  return of === 'classes' ? 1 - CLASSES[1].share : 0.5;
}

function points(share: number): string {
  return `${100 * share} percentage point${share === 0.01 ? '' : 's'}`;
}
