/** Design effects as measured on a replica of blue. */
import { describe, expect, it } from 'vitest';
import { measureDesignEffects } from '../../../../../src/domain/judge/reading/baseline-history.ts';
import { arm } from '../a-rollout.ts';

describe('the measured design effect', () => {
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
