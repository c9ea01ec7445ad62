/** The design effect on series whose answer is known by hand. */
import { describe, expect, it } from 'vitest';
import { designEffect } from '../../../../src/domain/evidence/design-effect.ts';

const hits = (one: number, other: number) => ({ treated: { hits: one, of: 100 }, control: { hits: other, of: 100 } });

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
});
