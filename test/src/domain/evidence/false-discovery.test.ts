/** e-BH against its definition, at both sides of each bound. */
import { describe, expect, it } from 'vitest';
import { namedByEvidence } from '../../../../src/domain/evidence/false-discovery.ts';

describe('the naming of discoveries', () => {
  it('is e-BH: the largest k whose k-th e-value reaches K / (k q)', () => {
    const log = (e: number) => Math.log(e);
    expect(namedByEvidence({ errors: log(61), latency: log(1), outcomes: log(1) }, 0.05)).toEqual(['errors']);
    expect(namedByEvidence({ errors: log(59), latency: log(1), outcomes: log(1) }, 0.05)).toEqual([]);
    expect(namedByEvidence({ errors: log(31), latency: log(31), outcomes: log(1) }, 0.05)).toEqual([
      'errors',
      'latency',
    ]);
    expect(namedByEvidence({ errors: log(21), latency: log(21), outcomes: log(21) }, 0.05)).toHaveLength(3);
  });
});
