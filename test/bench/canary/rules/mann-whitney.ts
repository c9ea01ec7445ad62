/** The Mann-Whitney confidence interval of a shift between two samples, by inversion of the test, as Kayenta's judge takes it. */

export interface ShiftInterval {
  readonly low: number;
  readonly high: number;
  /** Hodges-Lehmann estimate. */
  readonly estimate: number;
}

/** Absolute tolerance of the roots. */
const TOLERANCE = 1e-4;
/** 98 % confidence. */
const Z = 2.3263478740408408;

/** Interval of the shift that, taken from `x`, makes it like `y`. Both samples sorted ascending, not empty. */
export function shiftInterval(x: readonly number[], y: readonly number[]): ShiftInterval {
  const left = (x[0] ?? 0) - (y.at(-1) ?? 0);
  const right = (x.at(-1) ?? 0) - (y[0] ?? 0);
  const root = (z: number) => decreasingRoot((shift) => standardised(x, y, shift) - z, left, right);
  return { low: root(Z), high: root(-Z), estimate: root(0) };
}

function decreasingRoot(f: (shift: number) => number, left: number, right: number): number {
  if (f(left) <= 0) return left;
  if (f(right) >= 0) return right;
  let low = left;
  let high = right;
  while (high - low > TOLERANCE) {
    const middle = (low + high) / 2;
    if (f(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
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
