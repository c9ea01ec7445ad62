/** The demo's result: a table for the terminal and report.json, both from the same lines. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sentenceOf } from './stories/outcome.ts';
import type { Observed, RetrainingStory, RolloutStory, Story } from './stories/story.ts';

export interface ReportLine {
  readonly name: string;
  readonly expected: string;
  readonly observed: string;
  readonly passed: boolean;
  readonly secondsToOutcome: number;
  readonly badRequestsServed: number;
}

export function rolloutLine({ title }: RolloutStory, seen: Observed): ReportLine {
  const expected = [sentenceOf(seen.expected.outcome), ...seen.expected.checks].join('; ');
  const observed = [sentenceOf(seen.outcome), ...seen.checks].join('; ');
  const { secondsToOutcome, badRequestsServed } = seen;
  return { name: title, expected, observed, passed: expected === observed, secondsToOutcome, badRequestsServed };
}

/** A retraining that was to come to nothing. */
export function retrainingLine(
  { title, expected }: RetrainingStory,
  observed: string,
  secondsToOutcome: number,
): ReportLine {
  return { name: title, expected, observed, passed: expected === observed, secondsToOutcome, badRequestsServed: 0 };
}

/** A story that broke off instead of ending. */
export function brokenLine(story: Story, error: unknown): ReportLine {
  const expected = story.kind === 'retraining' ? story.expected : 'a rollout that ends';
  const observed = `broke off: ${error instanceof Error ? error.message : String(error)}`;
  return { name: story.title, expected, observed, passed: false, secondsToOutcome: 0, badRequestsServed: 0 };
}

/** True only when every one of the `planned` stories was run and passed. */
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
