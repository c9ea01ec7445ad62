/**
 * Evidence of tilts: by exact enumeration its mean never exceeds 1 where the treated values are not larger; numpy's formula.
 * What must not matter: how buckets and bins are cut.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logTiltEvidence } from '../../../../src/domain/evidence/tilt-evidence.ts';
import { factorial } from './enumeration.ts';

const histogram = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 6, maxLength: 6 });
const TILT = [0.5, 0.7, 1, 1.4, 3, 20];

describe('the evidence of tilts', () => {
  it('equals the formula evaluated with numpy', () => {
    expect(logTiltEvidence({ treated: [3, 10, 8, 6, 3], control: [6, 14, 11, 7, 2] }, [0.5, 0.5, 1, 2, 4])).toBeCloseTo(
      -1.5049664427,
      9,
    );
  });

  it('has a mean of at most 1 wherever the treated values are stochastically not larger', () => {
    const tilts = [
      [0.5, 1, 4],
      [1, 1, 30],
      [0.001, 2, 2],
    ];
    const controls = [
      [0.2, 0.5, 0.3],
      [0.9, 0.09, 0.01],
      [0, 1, 0],
      [1 / 3, 1 / 3, 1 / 3],
    ];
    let highest = 0;
    for (const tilt of tilts) {
      for (const control of controls) {
        for (const treated of smallerThan(control)) {
          for (const [ofTreated, ofControl] of [
            [2, 3],
            [1, 5],
            [4, 2],
          ] as const) {
            highest = Math.max(highest, meanOfTilt(ofTreated, ofControl, treated, control, tilt));
          }
        }
      }
    }
    expect(highest).toBeLessThanOrEqual(1 + 1e-9);
    expect(highest).toBeGreaterThan(0.5);
  });
});

describe('what does not matter to the evidence of tilts', () => {
  it('adds up over buckets of the same shares', () => {
    fc.assert(
      fc.property(histogram, histogram, (treated, control) => {
        fc.pre(sum(treated) > 0 && sum(control) > 0);
        const twice = (counted: readonly number[]) => counted.map((count) => 2 * count);
        const once = logTiltEvidence({ treated, control }, TILT);
        expect(logTiltEvidence({ treated: twice(treated), control: twice(control) }, TILT)).toBeCloseTo(2 * once, 6);
      }),
    );
  });

  it('is the same when bins with the same tilt are merged', () => {
    fc.assert(
      fc.property(histogram, histogram, (treated, control) => {
        const tilt = [0.5, 0.5, 1, 1, 3, 3];
        const merged = (counted: readonly number[]) =>
          [0, 2, 4].map((bin) => (counted[bin] ?? 0) + (counted[bin + 1] ?? 0));
        const log = logTiltEvidence({ treated, control }, tilt);
        expect(logTiltEvidence({ treated: merged(treated), control: merged(control) }, [0.5, 1, 3])).toBeCloseTo(
          log,
          6,
        );
      }),
    );
  });

  it('says nothing where all values are one, or a sample is empty', () => {
    expect(logTiltEvidence({ treated: [0, 0, 50, 0], control: [0, 0, 70, 0] }, [1, 1, 1, 4])).toBe(0);
    expect(logTiltEvidence({ treated: [0, 0, 0, 0], control: [0, 0, 70, 0] }, [0.5, 1, 2, 4])).toBe(0);
  });
});

/** Distributions over three bins that are stochastically smaller: mass moves down only. */
function smallerThan([a = 0, b = 0, c = 0]: readonly number[]): number[][] {
  const moved: number[][] = [];
  for (const down of [0, 0.5, 1]) {
    for (const farDown of [0, 0.5, 1]) {
      moved.push([a + b * down + c * farDown, b * (1 - down) + c * (1 - farDown) * 0.5, c * (1 - farDown) * 0.5]);
      moved.push([a + b * down, b * (1 - down) + c * farDown, c * (1 - farDown)]);
    }
  }
  return moved;
}

function meanOfTilt(
  ofTreated: number,
  ofControl: number,
  treated: readonly number[],
  control: readonly number[],
  tilt: readonly number[],
): number {
  let mean = 0;
  for (const x of outcomes(ofTreated)) {
    for (const y of outcomes(ofControl)) {
      const chance = multinomial(x, treated) * multinomial(y, control);
      if (chance > 0) mean += chance * Math.exp(logTiltEvidence({ treated: x, control: y }, tilt));
    }
  }
  return mean;
}

function outcomes(n: number): number[][] {
  const all: number[][] = [];
  for (let a = 0; a <= n; a++) for (let b = 0; b <= n - a; b++) all.push([a, b, n - a - b]);
  return all;
}

function multinomial([a = 0, b = 0, c = 0]: readonly number[], [p = 0, q = 0, r = 0]: readonly number[]): number {
  return (factorial(a + b + c) / (factorial(a) * factorial(b) * factorial(c))) * p ** a * q ** b * r ** c;
}

function sum(counted: readonly number[]): number {
  return counted.reduce((total, count) => total + count, 0);
}
