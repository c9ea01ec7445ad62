/** The isotonic regression against scipy 1.17.1. */
import { describe, expect, it } from 'vitest';
import { nonDecreasing } from '../../../../src/domain/evidence/isotonic.ts';

describe('the isotonic regression', () => {
  it('equals scipy.optimize.isotonic_regression', () => {
    const fitted = nonDecreasing([1, 3, 2, 4, 3.5, 3, 7], [1, 2, 1, 1, 3, 1, 0.5]);
    for (const [index, value] of [1, 8 / 3, 8 / 3, 3.5, 3.5, 3.5, 7].entries()) {
      expect(fitted[index]).toBeCloseTo(value, 12);
    }
  });
});
