/** The Mann-Whitney confidence interval of a shift between two samples, by inversion of the test, as Kayenta's judge takes it. */
import { brentRoot } from './brent.ts';

/** Absolute tolerance of the roots. */
const TOLERANCE = 1e-4;
/** 98 % confidence. */
const Z = 2.3263478740408408;

/** Lower end of the interval of the shift that, taken from `x`, makes it like `y`. Both samples sorted ascending, not empty. */
export function leastShift(x: readonly number[], y: readonly number[]): number {
  return shiftAt(x, y, Z);
}

/** The Hodges-Lehmann estimate of that shift. */
export function likelyShift(x: readonly number[], y: readonly number[]): number {
  return shiftAt(x, y, 0);
}

function shiftAt(x: readonly number[], y: readonly number[], z: number): number {
  const left = (x[0] ?? 0) - (y.at(-1) ?? 0);
  const right = (x.at(-1) ?? 0) - (y[0] ?? 0);
  return atLeastTolerance(decreasingRoot((shift) => standardised(x, y, shift) - z, left, right));
}

/**
 * Where most minutes of both arms have no error, the curve jumps at zero and the root is anything within the tolerance:
 * such a root is zero, or else a judgement on the ratio of bound and estimate would rest on the solver's last step.
 */
function atLeastTolerance(root: number): number {
  return Math.abs(root) <= 2 * TOLERANCE ? 0 : root;
}

/** Kayenta's solver starts from the middle of the interval. */
function decreasingRoot(f: (shift: number) => number, left: number, right: number): number {
  if (f(left) <= 0) return left;
  if (f(right) >= 0) return right;
  const middle = (left + right) / 2;
  const there = f(middle);
  if (there === 0) return middle;
  return there > 0 ? brentRoot(f, middle, right, TOLERANCE) : brentRoot(f, left, middle, TOLERANCE);
}

/** Rank sum of x - shift against y with mid-ranks, tie correction and continuity correction, standardised. */
export function standardised(x: readonly number[], y: readonly number[], shift: number): number {
  const n = x.length;
  const m = y.length;
  const total = n + m;
  const { rankSum, ties } = ranks(x, y, shift);
  const difference = rankSum - (n * (n + 1)) / 2 - (n * m) / 2;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return 0;
  return (difference - 0.5 * Math.sign(difference)) / Math.sqrt(variance);
}

/** Merges both samples: the rank sum of x - shift, and the sum of t^3 - t over groups of ties. */
function ranks(x: readonly number[], y: readonly number[], shift: number): { rankSum: number; ties: number } {
  let i = 0;
  let j = 0;
  let rankSum = 0;
  let ties = 0;
  while (i < x.length || j < y.length) {
    const value = Math.min(i < x.length ? (x[i] ?? 0) - shift : Infinity, j < y.length ? (y[j] ?? 0) : Infinity);
    const before = i + j;
    const fromX = i;
    while (i < x.length && (x[i] ?? 0) - shift === value) i++;
    while (j < y.length && y[j] === value) j++;
    const size = i + j - before;
    rankSum += (i - fromX) * (before + (size + 1) / 2);
    ties += size ** 3 - size;
  }
  return { rankSum, ties };
}
