/** Latency bins: their edges, their sums and their quantiles. */
import { describe, expect, it } from 'vitest';
import { addCounts, binOf, quantileMs, upperEdgeMs } from '../../../../../src/domain/judge/reading/traffic-bucket.ts';

describe('latency bins', () => {
  it('cover (lower, upper] and grow by 10.4 %', () => {
    for (const bin of [0, 1, 7, 44, 80]) {
      expect(binOf(upperEdgeMs(bin) * 0.9999)).toBe(bin);
      expect(binOf(upperEdgeMs(bin) * 1.0001)).toBe(bin + 1);
    }
  });

  it('add up without loss and give quantiles', () => {
    const sum = addCounts(
      { requests: 2, errors: 1, latency: { 3: 2 } },
      { requests: 3, errors: 0, latency: { 3: 1, 9: 2 } },
    );
    expect(sum).toEqual({ requests: 5, errors: 1, latency: { 3: 3, 9: 2 } });
    expect(quantileMs(sum.latency, 0.5)).toBe(upperEdgeMs(3));
    expect(quantileMs(sum.latency, 0.95)).toBe(upperEdgeMs(9));
    expect(quantileMs({}, 0.5)).toBeNull();
  });
});
