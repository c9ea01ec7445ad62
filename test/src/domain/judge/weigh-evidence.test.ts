/** Promotion where latency is unusual: all answers equally fast, failures common, a brown-out of both arms. */
import { describe, expect, test } from 'vitest';
import { judgeOptions } from '../../../../src/domain/judge/judge-options.ts';
import { startMemory } from '../../../../src/domain/judge/judge-state.ts';
import { type ArmCounts, binOf, type TrafficBucket } from '../../../../src/domain/judge/reading/traffic-bucket.ts';
import { stepTraffic } from '../../../../src/domain/judge/step-traffic.ts';
import { assuranceFor } from '../../../../src/domain/judge/weigh-evidence.ts';
import { aPolicy } from '../a-policy.ts';

const options = judgeOptions(aPolicy().canary, { errors: 1, latency: 1, source: 'floor' });
const ENOUGH = Math.log(1 / options.beta);

function arm(requests: number, errors: number, latencyMs: number): ArmCounts {
  return { requests, errors, latency: { [binOf(latencyMs)]: requests - errors } };
}

function assuranceAfter(history: ArmCounts, buckets: readonly Omit<TrafficBucket, 'startMs'>[]): number {
  const numbered = buckets.map((bucket, index) => ({ ...bucket, startMs: index * 60_000 }));
  const memory = numbered.reduce((before, bucket) => stepTraffic(before, bucket, options), startMemory(history));
  return assuranceFor(memory.metrics, options);
}

const both = (counts: ArmCounts, times: number) =>
  Array.from({ length: times }, () => ({ green: counts, blue: counts }));

describe('promotion', () => {
  test.each([2, 5, 80, 900])('a service whose answers all take %i ms is promoted', (latencyMs) => {
    expect(assuranceAfter(arm(20_000, 0, latencyMs), both(arm(200, 0, latencyMs), 10))).toBeGreaterThan(ENOUGH);
  });

  test('a service in which one of ten requests fails in both arms is promoted', () => {
    expect(assuranceAfter(arm(20_000, 2000, 80), both(arm(1000, 100, 80), 30))).toBeGreaterThan(ENOUGH);
  });

  test('a brown-out that both arms share delays it by minutes, not for good', () => {
    const good = both(arm(300, 0, 80), 10);
    const brownOut = both(arm(300, 0, 400), 5);
    expect(assuranceAfter(arm(20_000, 0, 80), [...good, ...brownOut, ...good])).toBeGreaterThan(ENOUGH);
  });

  test('a load that has fallen since before the rollout does not keep a healthy green from it', () => {
    const spread = (requests: number, first: number): ArmCounts => ({
      requests,
      errors: 0,
      latency: {
        [first]: 0.5 * requests,
        [first + 3]: 0.44 * requests,
        [first + 6]: 0.05 * requests,
        [first + 9]: 0.01 * requests,
      },
    });
    const busy = spread(20_000, 50);
    expect(assuranceAfter(busy, both(spread(400, 50), 30))).toBeGreaterThan(ENOUGH);
    expect(assuranceAfter(busy, both(spread(400, 40), 30))).toBeGreaterThan(ENOUGH);
    const slower = Array.from({ length: 60 }, () => ({ green: spread(400, 44), blue: spread(400, 40) }));
    expect(assuranceAfter(busy, slower)).toBeLessThan(0);
  });

  test('a green that is slower by the promotion margin is not, even where all answers take as long', () => {
    const slower = Array.from({ length: 60 }, () => ({ green: arm(200, 0, 80 * 1.4), blue: arm(200, 0, 80) }));
    expect(assuranceAfter(arm(20_000, 0, 80), slower)).toBeLessThan(0);
  });
});

describe('an endpoint with few requests', () => {
  const few = both({ requests: 12, errors: 0, latency: { 40: 6, 44: 5, 50: 1 } }, 40);
  const history = { requests: 1200, errors: 0, latency: { 40: 600, 44: 500, 50: 90, 55: 10 } };
  const sure = (promoteQuantiles: readonly (50 | 95 | 99)[]) => {
    const policy = { ...aPolicy().canary, latency: { ...aPolicy().canary.latency, promoteQuantiles } };
    const given = judgeOptions({ ...policy, errors: { margin: 0.01, promoteMargin: 0.05 } }, options.designEffects);
    const numbered = few.map((bucket, index) => ({ ...bucket, startMs: index * 60_000 }));
    const memory = numbered.reduce((before, bucket) => stepTraffic(before, bucket, given), startMemory(history));
    return assuranceFor(memory.metrics, given) >= ENOUGH;
  };

  test('is promoted where the policy does not ask for p99, of which so few say nothing', () => {
    expect(sure([50, 95, 99])).toBe(false);
    expect(sure([50, 95])).toBe(true);
  });
});
