/** What the policy's margins become in bins of latency. */
import { describe, expect, test } from 'vitest';
import { judgeOptions } from '../../../../src/domain/judge/judge-options.ts';
import { aPolicy } from '../a-policy.ts';
import { INDEPENDENT } from './a-rollout.ts';

describe("the policy in the judge's own units", () => {
  test.each([
    [0, 0],
    [0.05, 0],
    [0.1, 1],
    [0.3, 3],
    [0.5, 4],
    [1, 7],
  ])('a latency margin of %d is %i bins', (margin, bins) => {
    const policy = { ...aPolicy().canary, latency: { ...aPolicy().canary.latency, margin, promoteMargin: 1 } };
    expect(judgeOptions(policy, INDEPENDENT).settings.latency.marginBins).toBe(bins);
  });

  test('a promotion margin is at least one bin, so that promotion stays possible', () => {
    const policy = { ...aPolicy().canary, latency: { ...aPolicy().canary.latency, margin: 0, promoteMargin: 0.01 } };
    expect(judgeOptions(policy, INDEPENDENT).settings.latency.promoteMarginBins).toBe(1);
  });
});
