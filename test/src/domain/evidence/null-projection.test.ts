/** The projection on a null's edge against scipy.optimize.minimize_scalar (bounded) of scipy 1.17.1. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectOnLine, type RatePair } from '../../../../src/domain/evidence/null-projection.ts';

const REFERENCES = [
  {
    treated: 0.0152,
    control: 0.005,
    n: [200, 200],
    ratio: 1,
    offset: 0.002,
    expected: [0.010680567832, 0.008680567832],
  },
  { treated: 0.03, control: 0.02, n: [50, 950], ratio: 1, offset: 0, expected: [0.0205, 0.0205] },
  {
    treated: 0.005,
    control: 0.005,
    n: [200, 200],
    ratio: 1,
    offset: 0.0075,
    expected: [0.010749076717, 0.003249076717],
  },
  { treated: 0.4, control: 0.1, n: [7, 31], ratio: 1.5, offset: 0.05, expected: [0.247550954285, 0.13170063619] },
  {
    treated: 0.0101,
    control: 0.0001,
    n: [20, 20],
    ratio: 1,
    offset: 0.002,
    expected: [0.005136867633, 0.003136867633],
  },
] as const;

describe('the projection on a null', () => {
  it.each(REFERENCES)(
    'equals the restricted maximum-likelihood estimate of scipy for $treated against $control',
    (row) => {
      const nearest = projectOnLine(row, { treated: row.n[0], control: row.n[1] }, row);
      expect(nearest?.treated).toBeCloseTo(row.expected[0], 8);
      expect(nearest?.control).toBeCloseTo(row.expected[1], 8);
    },
  );

  it('is the pooled rate where the null has no margin', () => {
    const nearest = projectOnLine(
      { treated: 0.3, control: 0.1 },
      { treated: 10, control: 30 },
      { ratio: 1, offset: 0 },
    );
    expect(nearest?.control).toBeCloseTo((10 * 0.3 + 30 * 0.1) / 40, 9);
  });

  it('is nearer to the predicted pair than every other point of the line', () => {
    const rate = fc.double({ min: 0.001, max: 0.6, noNaN: true });
    const size = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(
        rate,
        rate,
        size,
        size,
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        rate,
        (treated, control, a, b, offset, t) => {
          const n = { treated: a, control: b };
          const nearest = projectOnLine({ treated, control }, n, { ratio: 1, offset });
          const other = { treated: t + offset, control: t };
          if (!nearest) return;
          expect(distance({ treated, control }, nearest, n)).toBeLessThanOrEqual(
            distance({ treated, control }, other, n) + 1e-7,
          );
        },
      ),
    );
  });

  it('does not exist where the margin leaves no room below certain failure', () => {
    expect(
      projectOnLine({ treated: 0.9, control: 0.1 }, { treated: 5, control: 5 }, { ratio: 1, offset: 1 }),
    ).toBeNull();
  });
});

function distance(p: RatePair, q: RatePair, n: RatePair): number {
  return n.treated * divergence(p.treated, q.treated) + n.control * divergence(p.control, q.control);
}

function divergence(p: number, q: number): number {
  return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
}
