/** The tables of the drift laboratory. */
import { RULES, type RuleName } from './rules.ts';
import type { Tally } from './run-scenario.ts';
import { SCENARIOS } from './scenarios.ts';

export function tallyTable(tallies: readonly Tally[]): string {
  const lines = tallies.map((tally) => {
    const scenario = SCENARIOS[tally.scenario];
    const name = `${scenario?.shape} ${scenario?.referenceRows}/${scenario?.currentRows}`;
    const cells = RULES.map((rule) => `${percent(tally, 'falseAlarms', rule)} / ${percent(tally, 'detections', rule)}`);
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  const head = `| samples (reference/current) | ${RULES.join(' | ')} |`;
  return [head, `|${'---|'.repeat(RULES.length + 1)}`, ...lines].join('\n');
}

/** False alarms at most 1.5 % everywhere; a heavy-tailed stretch found in at least 99 % from 1000 rows on. */
export function targetTable(tallies: readonly Tally[]): string {
  const rate = (tally: Tally, kind: 'falseAlarms' | 'detections') => tally[kind].calibrated / tally.repetitions;
  const worst = Math.max(...tallies.map((tally) => rate(tally, 'falseAlarms')));
  const large = tallies.filter(({ scenario }) => {
    const chosen = SCENARIOS[scenario];
    return chosen?.shape === 'heavy-tailed' && chosen.currentRows >= 1000;
  });
  const least = Math.min(...large.map((tally) => rate(tally, 'detections')));
  const line = (what: string, limit: string, value: number, isReached: boolean) =>
    `| ${what} | ${limit} | ${(100 * value).toFixed(1)} % | ${isReached ? 'reached' : 'missed'} |`;
  return [
    '| target of the calibrated rule | limit | measured | |',
    '|---|---|---|---|',
    line('false alarms, worst row', '1.5 %', worst, worst <= 0.015),
    line('1.3 times as large, heavy-tailed, 1000 rows and more, worst row', '99 %', least, least >= 0.99),
  ].join('\n');
}

function percent(tally: Tally, kind: 'falseAlarms' | 'detections', rule: RuleName): string {
  return ((100 * tally[kind][rule]) / tally.repetitions).toFixed(1);
}
