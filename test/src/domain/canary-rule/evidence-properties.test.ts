/** What must not matter to the evidence: which outcome is called a hit, how buckets are cut, what both arms share. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type HitCounts,
  type HitsOfArms,
  logBinaryEvidence,
} from '../../../../src/domain/canary/rule/binary-evidence.ts';
import { logTiltEvidence } from '../../../../src/domain/canary/rule/latency/tilt-evidence.ts';

const rate = fc.double({ min: 0.001, max: 0.4, noNaN: true });
const margin = fc.double({ min: 0, max: 0.05, noNaN: true });
const counts = fc
  .tuple(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([of, share]): HitCounts => ({ of, hits: Math.floor(of * share) }));
const histogram = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 6, maxLength: 6 });
const TILT = [0.5, 0.7, 1, 1.4, 3, 20];

describe('the binary evidence', () => {
  it('is the same for misses with the arms exchanged: failing more is succeeding less', () => {
    fc.assert(
      fc.property(
        counts,
        counts,
        rate,
        margin,
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        (green, blue, base, offset, extra) => {
          const predicted = { green: base + offset + extra, blue: base };
          const line = { ratio: 1, offset };
          const misses = { green: missesOf(blue), blue: missesOf(green) };
          const mirrored = { green: 1 - predicted.blue, blue: 1 - predicted.green };
          const log = logBinaryEvidence({ green, blue }, predicted, line);
          expect(Math.abs(logBinaryEvidence(misses, mirrored, line) - log)).toBeLessThan(1e-6 * (1 + Math.abs(log)));
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
          const predicted = { green: base + offset + 0.1, blue: base };
          const line = { ratio: 1, offset };
          const of = (green: number, blue: number, times: number): HitsOfArms => ({
            green: { hits: green, of: g * times },
            blue: { hits: blue, of: b * times },
          });
          const first = logBinaryEvidence(of(Math.floor(g / 2), Math.floor(b / 3), 1), predicted, line);
          const second = logBinaryEvidence(of(Math.floor(g / 5), Math.floor(b / 2), 1), predicted, line);
          const merged = of(Math.floor(g / 2) + Math.floor(g / 5), Math.floor(b / 3) + Math.floor(b / 2), 2);
          expect(logBinaryEvidence(merged, predicted, line)).toBeCloseTo(first + second, 6);
        },
      ),
    );
  });

  it('stays finite at counts of a billion and at predictions next to certainty', () => {
    for (const [green, blue] of [
      [1e9, 0],
      [0, 1e9],
      [1e9, 1e9],
      [0, 0],
    ] as const) {
      const seen = { green: { hits: green, of: 1e9 }, blue: { hits: blue, of: 1e9 } };
      for (const predicted of [
        { green: 0.9999999, blue: 1e-9 },
        { green: 0.003, blue: 0.0005 },
      ]) {
        expect(Number.isFinite(logBinaryEvidence(seen, predicted, { ratio: 1, offset: 0.002 }))).toBe(true);
      }
    }
  });
});

describe('the tilt evidence', () => {
  it('adds up over buckets of the same shares', () => {
    fc.assert(
      fc.property(histogram, histogram, (green, blue) => {
        fc.pre(sum(green) > 0 && sum(blue) > 0);
        const twice = (counted: readonly number[]) => counted.map((count) => 2 * count);
        const once = logTiltEvidence(green, blue, TILT);
        expect(logTiltEvidence(twice(green), twice(blue), TILT)).toBeCloseTo(2 * once, 6);
      }),
    );
  });

  it('is the same when bins with the same tilt are merged', () => {
    fc.assert(
      fc.property(histogram, histogram, (green, blue) => {
        const tilt = [0.5, 0.5, 1, 1, 3, 3];
        const merged = (counted: readonly number[]) =>
          [0, 2, 4].map((bin) => (counted[bin] ?? 0) + (counted[bin + 1] ?? 0));
        const log = logTiltEvidence(green, blue, tilt);
        expect(logTiltEvidence(merged(green), merged(blue), [0.5, 1, 3])).toBeCloseTo(log, 6);
      }),
    );
  });

  it('says nothing where all latencies are one, or an arm is empty', () => {
    expect(logTiltEvidence([0, 0, 50, 0], [0, 0, 70, 0], [1, 1, 1, 4])).toBe(0);
    expect(logTiltEvidence([0, 0, 0, 0], [0, 0, 70, 0], [0.5, 1, 2, 4])).toBe(0);
  });
});

function missesOf({ hits, of }: HitCounts): HitCounts {
  return { hits: of - hits, of };
}

function sum(counted: readonly number[]): number {
  return counted.reduce((total, count) => total + count, 0);
}
