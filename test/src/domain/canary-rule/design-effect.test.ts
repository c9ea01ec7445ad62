/** The design effect on series whose answer is known by hand. */
import { describe, expect, it } from 'vitest';
import { designEffect, measureDesignEffects } from '../../../../src/domain/canary/rule/design-effect.ts';
import { arm } from './a-rollout.ts';

const hits = (green: number, blue: number) => ({ green: { hits: green, of: 100 }, blue: { hits: blue, of: 100 } });

describe('the design effect', () => {
  it('is the variance of the differences over that of independent requests', () => {
    const alternating = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? hits(20, 0) : hits(0, 20)));
    expect(designEffect(alternating)).toBeCloseTo(400 / (200 * 0.1 * 0.9), 9);
  });

  it('counts differences that last for several buckets more than those that change sign', () => {
    const lasting = Array.from({ length: 40 }, (_, index) => (index % 20 < 10 ? hits(20, 0) : hits(0, 20)));
    expect(designEffect(lasting)).toBeGreaterThan(3 * (400 / 18));
  });

  it('is 1 where replicas differ no more than chance allows, or never fail', () => {
    expect(designEffect(Array.from({ length: 40 }, (_, index) => hits(10 + (index % 2) * 2, 11)))).toBe(1);
    expect(designEffect([hits(0, 0), hits(0, 0)])).toBe(1);
    expect(designEffect([])).toBe(1);
  });

  it('sees node noise in the latencies, and is unknown from few buckets', () => {
    const noisy = Array.from({ length: 60 }, (_, index) => ({
      one: arm(200, 1, index % 20 < 10 ? 44 : 46),
      other: arm(200, 1, index % 20 < 10 ? 46 : 44),
    }));
    const measured = measureDesignEffects(noisy);
    expect(measured?.errors).toBe(1);
    expect(measured?.latency).toBeGreaterThan(10);
    expect(measureDesignEffects(noisy.slice(0, 10))).toBeNull();
  });
});
