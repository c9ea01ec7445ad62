/**
 * Evidence on shares: by exact enumeration its mean over the composite null never exceeds 1; literal values from scipy 1.17.1.
 * What must not matter: which outcome is called a hit, and how buckets are cut.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type HitCounts,
  type HitsOfSamples,
  logShareEvidence,
} from '../../../../src/domain/evidence/share-evidence.ts';
import { binomial } from './enumeration.ts';

const rate = fc.double({ min: 0.001, max: 0.4, noNaN: true });
const margin = fc.double({ min: 0, max: 0.05, noNaN: true });
const counts = fc
  .tuple(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([of, share]): HitCounts => ({ of, hits: Math.floor(of * share) }));

describe('the evidence on shares', () => {
  it.each([
    {
      treated: { hits: 6, of: 200 },
      control: { hits: 1, of: 200 },
      predicted: { treated: 0.0152, control: 0.005 },
      log: 1.4147802609,
    },
    {
      treated: { hits: 0, of: 50 },
      control: { hits: 3, of: 950 },
      predicted: { treated: 0.012, control: 0.005 },
      log: -0.1767081789,
    },
  ])(
    'equals the likelihood ratio of scipy.stats.binom for $treated.hits of $treated.of',
    ({ predicted, log, ...seen }) => {
      expect(logShareEvidence(seen, predicted, { ratio: 1, offset: 0.002 })).toBeCloseTo(log, 9);
    },
  );

  it.each([
    { sizes: [4, 6], predicted: { treated: 0.4, control: 0.1 }, line: { ratio: 1, offset: 0.05 } },
    { sizes: [9, 3], predicted: { treated: 0.2, control: 0.02 }, line: { ratio: 1, offset: 0.002 } },
    { sizes: [5, 5], predicted: { treated: 0.9, control: 0.3 }, line: { ratio: 2, offset: 0 } },
    { sizes: [2, 20], predicted: { treated: 0.05, control: 0.01 }, line: { ratio: 1, offset: 0 } },
  ])('has a mean of at most 1 everywhere in the null: $sizes, margin $line.offset', ({ sizes, predicted, line }) => {
    const [ofTreated = 0, ofControl = 0] = sizes;
    let highest = 0;
    for (let control = 0; control <= 1; control += 0.01) {
      const edge = Math.min(1, line.ratio * control + line.offset);
      for (const treated of [edge, edge * 0.9, edge * 0.5, 0]) {
        highest = Math.max(highest, meanOfShares(ofTreated, ofControl, treated, control, predicted, line));
      }
    }
    expect(highest).toBeLessThanOrEqual(1 + 1e-9);
    expect(highest).toBeGreaterThan(0.9);
  });

  it('has a mean of at most 1 on the promotion side, where the null is a treated share that is larger', () => {
    const line = { ratio: 1, offset: 0.1 };
    for (let control = 0; control <= 0.9; control += 0.05) {
      for (const extra of [0.1, 0.15, 0.5]) {
        const treated = Math.min(1, control + extra);
        expect(meanOfShares(6, 4, treated, control, { treated: 0.08, control: 0.08 }, line)).toBeLessThanOrEqual(
          1 + 1e-9,
        );
      }
    }
  });

  it('says nothing where a sample is empty', () => {
    const seen = { treated: { hits: 0, of: 0 }, control: { hits: 3, of: 10 } };
    expect(logShareEvidence(seen, { treated: 0.5, control: 0.1 }, { ratio: 1, offset: 0 })).toBe(0);
  });
});

describe('what does not matter to the evidence on shares', () => {
  it('is the same for misses with the samples exchanged: failing more is succeeding less', () => {
    fc.assert(
      fc.property(
        counts,
        counts,
        rate,
        margin,
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        (treated, control, base, offset, extra) => {
          const predicted = { treated: base + offset + extra, control: base };
          const line = { ratio: 1, offset };
          const misses = { treated: missesOf(control), control: missesOf(treated) };
          const mirrored = { treated: 1 - predicted.control, control: 1 - predicted.treated };
          const log = logShareEvidence({ treated, control }, predicted, line);
          expect(Math.abs(logShareEvidence(misses, mirrored, line) - log)).toBeLessThan(1e-6 * (1 + Math.abs(log)));
        },
      ),
    );
  });

  it('adds up over buckets of the same shares, so that their length does not matter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        rate,
        margin,
        (g, b, base, offset) => {
          const predicted = { treated: base + offset + 0.1, control: base };
          const line = { ratio: 1, offset };
          const of = (treated: number, control: number, times: number): HitsOfSamples => ({
            treated: { hits: treated, of: g * times },
            control: { hits: control, of: b * times },
          });
          const first = logShareEvidence(of(Math.floor(g / 2), Math.floor(b / 3), 1), predicted, line);
          const second = logShareEvidence(of(Math.floor(g / 5), Math.floor(b / 2), 1), predicted, line);
          const merged = of(Math.floor(g / 2) + Math.floor(g / 5), Math.floor(b / 3) + Math.floor(b / 2), 2);
          expect(logShareEvidence(merged, predicted, line)).toBeCloseTo(first + second, 6);
        },
      ),
    );
  });

  it('stays finite at counts of a billion and at predictions next to certainty', () => {
    for (const [treated, control] of [
      [1e9, 0],
      [0, 1e9],
      [1e9, 1e9],
      [0, 0],
    ] as const) {
      const seen = { treated: { hits: treated, of: 1e9 }, control: { hits: control, of: 1e9 } };
      for (const predicted of [
        { treated: 0.9999999, control: 1e-9 },
        { treated: 0.003, control: 0.0005 },
      ]) {
        expect(Number.isFinite(logShareEvidence(seen, predicted, { ratio: 1, offset: 0.002 }))).toBe(true);
      }
    }
  });
});

type Rates = { treated: number; control: number };

function meanOfShares(
  ofTreated: number,
  ofControl: number,
  treated: number,
  control: number,
  predicted: Rates,
  line: { ratio: number; offset: number },
): number {
  let mean = 0;
  for (let x = 0; x <= ofTreated; x++) {
    for (let y = 0; y <= ofControl; y++) {
      const seen = { treated: { hits: x, of: ofTreated }, control: { hits: y, of: ofControl } };
      const chance = binomial(ofTreated, x, treated) * binomial(ofControl, y, control);
      mean += chance * Math.exp(logShareEvidence(seen, predicted, line));
    }
  }
  return mean;
}

function missesOf({ hits, of }: HitCounts): HitCounts {
  return { hits: of - hits, of };
}
