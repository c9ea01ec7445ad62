/** The demo's result: a table for the terminal and report.json, both from the same lines. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RetrainingScenario } from './retraining/all-retrainings.ts';
import { sentenceOf } from './scenarios/outcome.ts';
import type { Observed, Scenario } from './scenarios/scenario.ts';

export interface ReportLine {
  readonly name: string;
  readonly expected: string;
  readonly observed: string;
  readonly passed: boolean;
  readonly secondsToOutcome: number;
  readonly badRequestsServed: number;
}

export function reportLine({ name, expected, expectedChecks }: Scenario, seen: Observed): ReportLine {
  const wanted = [sentenceOf(expected), ...expectedChecks].join('; ');
  const observed = [sentenceOf(seen.outcome), ...seen.checks].join('; ');
  const { secondsToOutcome, badRequestsServed } = seen;
  return { name, expected: wanted, observed, passed: wanted === observed, secondsToOutcome, badRequestsServed };
}

/** A retraining that was to come to nothing. */
export function retrainingLine(
  { name, expected }: RetrainingScenario,
  observed: string,
  secondsToOutcome: number,
): ReportLine {
  return { name, expected, observed, passed: expected === observed, secondsToOutcome, badRequestsServed: 0 };
}

/** A scenario that broke off instead of ending. */
export function brokenLine({ name, expected, expectedChecks }: Scenario, error: unknown): ReportLine {
  const wanted = [sentenceOf(expected), ...expectedChecks].join('; ');
  const observed = `broke off: ${error instanceof Error ? error.message : String(error)}`;
  return { name, expected: wanted, observed, passed: false, secondsToOutcome: 0, badRequestsServed: 0 };
}

/** True only when every one of the `planned` scenarios was run and passed. */
export function allPassed(lines: readonly ReportLine[], planned: number): boolean {
  return planned > 0 && lines.length === planned && lines.every(({ passed }) => passed);
}

export function reportTable(lines: readonly ReportLine[]): string {
  const rows = lines.flatMap((line) => [
    `${line.passed ? 'passed' : 'FAILED'}  ${line.name}`,
    `        expected  ${line.expected}`,
    `        observed  ${line.observed}`,
    `        ${line.secondsToOutcome.toFixed(1)} s from event to outcome, ${line.badRequestsServed} requests answered badly by this version`,
  ]);
  return rows.join('\n');
}

export async function writeReport(path: string, lines: readonly ReportLine[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify({ scenarios: lines }, null, 2)}\n`);
}
