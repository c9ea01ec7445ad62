/** What the demo reports and when it counts as passed. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allPassed, brokenLine, reportTable, retrainingLine, rolloutLine, writeReport } from '../../demo/report.ts';
import { promoted, rolledBack } from '../../demo/stories/outcome.ts';
import type { Observed, RetrainingStory, RolloutStory } from '../../demo/stories/story.ts';

const expected = { outcome: promoted('2'), checks: ['approval: 202'] };
const story: RolloutStory = { kind: 'rollout', name: 'good', title: 'goes live', model: 'm', expected: () => expected };
const retraining: RetrainingStory = {
  kind: 'retraining',
  name: 'refused',
  title: 'is refused',
  expected: 'data-refused; job: none',
  run: async () => '',
};
const observed: Observed = {
  expected,
  outcome: promoted('2'),
  checks: ['approval: 202'],
  secondsToOutcome: 61.2,
  badRequestsServed: 0,
  clientFailures: 3,
  reason: 'Version 2 serves.',
};

test('the expected outcome with the expected checks passes', () => {
  expect(rolloutLine(story, observed)).toMatchObject({ passed: true, secondsToOutcome: 61.2, badRequestsServed: 0 });
});

test.each([
  ['another outcome', { outcome: rolledBack('1', 'aborted') }],
  ['a missing check', { checks: [] }],
  ['another answer to a check', { checks: ['approval: 401'] }],
])('%s fails', (_case, change) => {
  expect(rolloutLine(story, { ...observed, ...change }).passed).toBe(false);
});

test('a story that broke off fails with its error', () => {
  const line = brokenLine(story, new Error('the endpoint is gone'));
  expect(line).toMatchObject({ passed: false, observed: 'broke off: the endpoint is gone' });
});

test('a retraining passes only with the end that was expected of it', () => {
  expect(retrainingLine(retraining, 'data-refused; job: none', 3).passed).toBe(true);
  expect(retrainingLine(retraining, 'registered; job: submitted', 3).passed).toBe(false);
});

test('only a full set of passed stories passes', () => {
  const good = rolloutLine(story, observed);
  expect(allPassed([good, good], 2)).toBe(true);
  expect(allPassed([good], 2)).toBe(false);
  expect(allPassed([good, { ...good, passed: false }], 2)).toBe(false);
  expect(allPassed([], 0)).toBe(false);
});

test('the report file has the agreed members and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'report-'));
  const path = join(folder, 'demo', 'report.json');
  await writeReport(path, [rolloutLine(story, observed)]);
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
  const table = reportTable([rolloutLine(story, { ...observed, checks: ['approval: 401'] })]);
  expect(table).toMatch(/FAILED {2}goes live/);
  expect(table).toMatch(/expected .*approval: 202/);
  expect(table).toMatch(/observed .*approval: 401/);
});
