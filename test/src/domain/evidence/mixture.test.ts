/** What one bucket may take away from an e-process. */
import { describe, expect, test } from 'vitest';
import { hedged } from '../../../../src/domain/evidence/mixture.ts';

describe('hedging', () => {
  test('lets one bucket take away at most ln 10, and keeps an e-value an e-value', () => {
    expect(hedged(-1e5)).toBeCloseTo(-Math.log(10), 9);
    expect(hedged(0)).toBeCloseTo(0, 12);
    // Whatever S is, 0.1 + 0.9 S has a mean of at most 1 where S has: here S is 3 or 1/3, a fair bet for odds of 1 to 3.
    const mean = 0.25 * Math.exp(hedged(Math.log(3))) + 0.75 * Math.exp(hedged(Math.log(1 / 3)));
    expect(mean).toBeCloseTo(1, 12);
  });
});
