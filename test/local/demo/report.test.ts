/** What the demo reports and when it counts as passed. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allPassed, brokenLine, reportLine, reportTable, writeReport } from '../../../local/demo/report.ts';
import { promoted, rolledBack } from '../../../local/demo/scenarios/outcome.ts';
import type { Observed, Scenario } from '../../../local/demo/scenarios/scenario.ts';

const scenario: Scenario = {
  name: 'goes live',
  version: '2',
  expected: promoted('2'),
  expectedChecks: ['approval: 202'],
};
const observed: Observed = {
  outcome: promoted('2'),
  checks: ['approval: 202'],
  secondsToOutcome: 61.2,
  badRequestsServed: 0,
  clientFailures: 3,
  reason: 'Version 2 serves.',
};

test('the expected outcome with the expected checks passes', () => {
  expect(reportLine(scenario, observed)).toMatchObject({ passed: true, secondsToOutcome: 61.2, badRequestsServed: 0 });
});

test.each([
  ['another outcome', { outcome: rolledBack('1', 'aborted') }],
  ['a missing check', { checks: [] }],
  ['another answer to a check', { checks: ['approval: 401'] }],
])('%s fails', (_case, change) => {
  expect(reportLine(scenario, { ...observed, ...change }).passed).toBe(false);
});

test('a scenario that broke off fails with its error', () => {
  const line = brokenLine(scenario, new Error('the endpoint is gone'));
  expect(line).toMatchObject({ passed: false, observed: 'broke off: the endpoint is gone' });
});

test('only a full set of passed scenarios passes', () => {
  const good = reportLine(scenario, observed);
  expect(allPassed([good, good], 2)).toBe(true);
  expect(allPassed([good], 2)).toBe(false);
  expect(allPassed([good, { ...good, passed: false }], 2)).toBe(false);
  expect(allPassed([], 0)).toBe(false);
});

test('the report file has the agreed members and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'report-'));
  const path = join(folder, 'demo', 'report.json');
  await writeReport(path, [reportLine(scenario, observed)]);
  const { scenarios } = JSON.parse(await readFile(path, 'utf8'));
  expect(Object.keys(scenarios[0])).toEqual([
    'name',
    'expected',
    'observed',
    'passed',
    'secondsToOutcome',
    'badRequestsServed',
  ]);
  await rm(folder, { recursive: true });
});

test('the table says what was expected and what was seen', () => {
  const table = reportTable([reportLine(scenario, { ...observed, checks: ['approval: 401'] })]);
  expect(table).toMatch(/FAILED {2}goes live/);
  expect(table).toMatch(/expected .*approval: 202/);
  expect(table).toMatch(/observed .*approval: 401/);
});
