/** Both engines by exact enumeration: the mean of S over the composite null never exceeds 1; literal values from scipy 1.17.1. */
import { describe, expect, it } from 'vitest';
import { logBinaryEvidence } from '../../../../src/domain/canary/rule/binary-evidence.ts';
import { nonDecreasing } from '../../../../src/domain/canary/rule/latency/isotonic.ts';
import { logTiltEvidence } from '../../../../src/domain/canary/rule/latency/tilt-evidence.ts';
import { binomial, factorial } from './enumeration.ts';

describe('the binary evidence', () => {
  it.each([
    {
      green: { hits: 6, of: 200 },
      blue: { hits: 1, of: 200 },
      predicted: { green: 0.0152, blue: 0.005 },
      log: 1.4147802609,
    },
    {
      green: { hits: 0, of: 50 },
      blue: { hits: 3, of: 950 },
      predicted: { green: 0.012, blue: 0.005 },
      log: -0.1767081789,
    },
  ])('equals the likelihood ratio of scipy.stats.binom for $green.hits of $green.of', ({ predicted, log, ...seen }) => {
    expect(logBinaryEvidence(seen, predicted, { ratio: 1, offset: 0.002 })).toBeCloseTo(log, 9);
  });

  it.each([
    { sizes: [4, 6], predicted: { green: 0.4, blue: 0.1 }, line: { ratio: 1, offset: 0.05 } },
    { sizes: [9, 3], predicted: { green: 0.2, blue: 0.02 }, line: { ratio: 1, offset: 0.002 } },
    { sizes: [5, 5], predicted: { green: 0.9, blue: 0.3 }, line: { ratio: 2, offset: 0 } },
    { sizes: [2, 20], predicted: { green: 0.05, blue: 0.01 }, line: { ratio: 1, offset: 0 } },
  ])('has a mean of at most 1 everywhere in the null: $sizes, margin $line.offset', ({ sizes, predicted, line }) => {
    const [ofGreen = 0, ofBlue = 0] = sizes;
    let highest = 0;
    for (let blue = 0; blue <= 1; blue += 0.01) {
      const edge = Math.min(1, line.ratio * blue + line.offset);
      for (const green of [edge, edge * 0.9, edge * 0.5, 0]) {
        highest = Math.max(highest, meanOfBinary(ofGreen, ofBlue, green, blue, predicted, line));
      }
    }
    expect(highest).toBeLessThanOrEqual(1 + 1e-9);
    expect(highest).toBeGreaterThan(0.9);
  });

  it('has a mean of at most 1 on the promotion side, where the null is a green that fails more', () => {
    const line = { ratio: 1, offset: 0.1 };
    for (let blue = 0; blue <= 0.9; blue += 0.05) {
      for (const extra of [0.1, 0.15, 0.5]) {
        const green = Math.min(1, blue + extra);
        expect(meanOfBinary(6, 4, green, blue, { green: 0.08, blue: 0.08 }, line)).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });

  it('says nothing where an arm is empty', () => {
    const seen = { green: { hits: 0, of: 0 }, blue: { hits: 3, of: 10 } };
    expect(logBinaryEvidence(seen, { green: 0.5, blue: 0.1 }, { ratio: 1, offset: 0 })).toBe(0);
  });
});

describe('the tilt evidence', () => {
  it('equals the formula evaluated with numpy', () => {
    expect(logTiltEvidence([3, 10, 8, 6, 3], [6, 14, 11, 7, 2], [0.5, 0.5, 1, 2, 4])).toBeCloseTo(-1.5049664427, 9);
  });

  it('has a mean of at most 1 wherever green is stochastically not slower than blue', () => {
    const tilts = [
      [0.5, 1, 4],
      [1, 1, 30],
      [0.001, 2, 2],
    ];
    const blues = [
      [0.2, 0.5, 0.3],
      [0.9, 0.09, 0.01],
      [0, 1, 0],
      [1 / 3, 1 / 3, 1 / 3],
    ];
    let highest = 0;
    for (const tilt of tilts) {
      for (const blue of blues) {
        for (const green of fasterThan(blue)) {
          for (const [ofGreen, ofBlue] of [
            [2, 3],
            [1, 5],
            [4, 2],
          ] as const) {
            highest = Math.max(highest, meanOfTilt(ofGreen, ofBlue, green, blue, tilt));
          }
        }
      }
    }
    expect(highest).toBeLessThanOrEqual(1 + 1e-9);
    expect(highest).toBeGreaterThan(0.5);
  });
});

describe('the isotonic regression', () => {
  it('equals scipy.optimize.isotonic_regression', () => {
    const fitted = nonDecreasing([1, 3, 2, 4, 3.5, 3, 7], [1, 2, 1, 1, 3, 1, 0.5]);
    for (const [index, value] of [1, 8 / 3, 8 / 3, 3.5, 3.5, 3.5, 7].entries()) {
      expect(fitted[index]).toBeCloseTo(value, 12);
    }
  });
});

type Rates = { green: number; blue: number };

function meanOfBinary(
  ofGreen: number,
  ofBlue: number,
  green: number,
  blue: number,
  predicted: Rates,
  line: { ratio: number; offset: number },
): number {
  let mean = 0;
  for (let x = 0; x <= ofGreen; x++) {
    for (let y = 0; y <= ofBlue; y++) {
      const seen = { green: { hits: x, of: ofGreen }, blue: { hits: y, of: ofBlue } };
      const chance = binomial(ofGreen, x, green) * binomial(ofBlue, y, blue);
      mean += chance * Math.exp(logBinaryEvidence(seen, predicted, line));
    }
  }
  return mean;
}

/** Distributions over three bins that are stochastically smaller: mass moves down only. */
function fasterThan([a = 0, b = 0, c = 0]: readonly number[]): number[][] {
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
  ofGreen: number,
  ofBlue: number,
  green: readonly number[],
  blue: readonly number[],
  tilt: readonly number[],
): number {
  let mean = 0;
  for (const x of outcomes(ofGreen)) {
    for (const y of outcomes(ofBlue)) {
      const chance = multinomial(x, green) * multinomial(y, blue);
      if (chance > 0) mean += chance * Math.exp(logTiltEvidence(x, y, tilt));
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
