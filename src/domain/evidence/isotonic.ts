/** The non-decreasing sequence nearest to given values in weighted least squares. */

/** Room to work in, for any number of sequences of one length. */
export interface IsotonicRoom {
  readonly masses: Float64Array;
  readonly ends: Int32Array;
}

export function isotonicRoom(length: number): IsotonicRoom {
  return { masses: new Float64Array(length), ends: new Int32Array(length) };
}

/**
 * Pool-adjacent-violators algorithm (Barlow, Bartholomew, Bremner & Brunk, 1972), in place. Weights must be positive.
 */
export function makeNonDecreasing(
  values: Float64Array,
  weights: ArrayLike<number>,
  { masses, ends }: IsotonicRoom,
): void {
  // The blocks found so far take up the front of `values` itself: there are never more blocks than values read.
  let blocks = 0;
  for (let index = 0; index < values.length; index++) {
    let mean = values[index] ?? 0;
    let mass = weights[index] ?? 0;
    while (blocks > 0 && (values[blocks - 1] ?? 0) > mean) {
      blocks--;
      const before = masses[blocks] ?? 0;
      mean = (mean * mass + (values[blocks] ?? 0) * before) / (mass + before);
      mass += before;
    }
    values[blocks] = mean;
    masses[blocks] = mass;
    ends[blocks] = index;
    blocks++;
  }
  spreadOut(values, ends, blocks);
}

/** From the last block to the first, so that no mean is overwritten before it was read. */
function spreadOut(values: Float64Array, ends: Int32Array, blocks: number): void {
  let index = values.length - 1;
  for (let block = blocks - 1; block >= 0; block--) {
    const mean = values[block] ?? 0;
    const start = block > 0 ? (ends[block - 1] ?? 0) : -1;
    while (index > start) values[index--] = mean;
  }
}

/** The same without changing the given values. */
export function nonDecreasing(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const fitted = Float64Array.from(values);
  makeNonDecreasing(fitted, weights, isotonicRoom(fitted.length));
  return fitted;
}
