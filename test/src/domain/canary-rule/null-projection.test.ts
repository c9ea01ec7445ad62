/** The projection on a null's edge against scipy.optimize.minimize_scalar (bounded) of scipy 1.17.1. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectOnLine, type RatePair } from '../../../../src/domain/canary/rule/null-projection.ts';

const REFERENCES = [
  { green: 0.0152, blue: 0.005, n: [200, 200], ratio: 1, offset: 0.002, expected: [0.010680567832, 0.008680567832] },
  { green: 0.03, blue: 0.02, n: [50, 950], ratio: 1, offset: 0, expected: [0.0205, 0.0205] },
  { green: 0.005, blue: 0.005, n: [200, 200], ratio: 1, offset: 0.0075, expected: [0.010749076717, 0.003249076717] },
  { green: 0.4, blue: 0.1, n: [7, 31], ratio: 1.5, offset: 0.05, expected: [0.247550954285, 0.13170063619] },
  { green: 0.0101, blue: 0.0001, n: [20, 20], ratio: 1, offset: 0.002, expected: [0.005136867633, 0.003136867633] },
] as const;

describe('the projection on a null', () => {
  it.each(REFERENCES)('equals the restricted maximum-likelihood estimate of scipy for $green against $blue', (row) => {
    const nearest = projectOnLine(row, { green: row.n[0], blue: row.n[1] }, row);
    expect(nearest?.green).toBeCloseTo(row.expected[0], 8);
    expect(nearest?.blue).toBeCloseTo(row.expected[1], 8);
  });

  it('is the pooled rate where the null has no margin', () => {
    const nearest = projectOnLine({ green: 0.3, blue: 0.1 }, { green: 10, blue: 30 }, { ratio: 1, offset: 0 });
    expect(nearest?.blue).toBeCloseTo((10 * 0.3 + 30 * 0.1) / 40, 9);
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
        (green, blue, a, b, offset, t) => {
          const n = { green: a, blue: b };
          const nearest = projectOnLine({ green, blue }, n, { ratio: 1, offset });
          const other = { green: t + offset, blue: t };
          if (!nearest) return;
          expect(distance({ green, blue }, nearest, n)).toBeLessThanOrEqual(distance({ green, blue }, other, n) + 1e-7);
        },
      ),
    );
  });

  it('does not exist where the margin leaves no room below certain failure', () => {
    expect(projectOnLine({ green: 0.9, blue: 0.1 }, { green: 5, blue: 5 }, { ratio: 1, offset: 1 })).toBeNull();
  });
});

function distance(p: RatePair, q: RatePair, n: RatePair): number {
  return n.green * divergence(p.green, q.green) + n.blue * divergence(p.blue, q.blue);
}

function divergence(p: number, q: number): number {
  return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
}
