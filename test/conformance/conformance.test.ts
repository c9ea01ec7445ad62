/**
 * The public cases of Durable Functions for JavaScript hold here, told in this project's words: the recorded histories of
 * `Azure/azure-functions-durable-js` v3.x and the host suite of `microsoft/durabletask-js` at commit f8c460c.
 */
import { expect, test } from 'vitest';
import { allCases } from './all-cases.ts';

test.each(allCases.map((one) => [one.source, one.name, one] as const))('%s: %s', async (_source, _name, one) => {
  expect(await one.run()).toEqual(one.expected);
});

test('no two cases have one name', () => {
  expect(new Set(allCases.map(({ name }) => name)).size).toBe(allCases.length);
});
