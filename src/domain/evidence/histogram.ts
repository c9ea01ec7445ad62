/** Histograms as dense arrays over bins in order: shifting, tails. */

export function total(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) sum += counts[bin] ?? 0;
  return sum;
}

/**
 * Moves all mass up by `by` bins (down where negative); between two bins it is divided linearly, at the ends it stays.
 */
export function shifted(mass: ArrayLike<number>, by: number): Float64Array {
  const moved = new Float64Array(mass.length);
  addShifted(moved, mass, by, 1);
  return moved;
}

/** Adds `share` of all mass to `sum`, moved up by `by` bins as `shifted` does. */
export function addShifted(sum: Float64Array, mass: ArrayLike<number>, by: number, share: number): void {
  const whole = Math.floor(by);
  const part = by - whole;
  addMoved(sum, mass, whole, share * (1 - part));
  if (part > 0) addMoved(sum, mass, whole + 1, share * part);
}

function addMoved(sum: Float64Array, mass: ArrayLike<number>, by: number, share: number): void {
  const last = mass.length - 1;
  const from = Math.min(last + 1, Math.max(0, -by));
  const to = Math.max(-1, Math.min(last, last - by));
  for (let bin = 0; bin < from; bin++) sum[0] = (sum[0] ?? 0) + share * (mass[bin] ?? 0);
  for (let bin = from; bin <= to; bin++) sum[bin + by] = (sum[bin + by] ?? 0) + share * (mass[bin] ?? 0);
  for (let bin = Math.max(from, to + 1); bin <= last; bin++) sum[last] = (sum[last] ?? 0) + share * (mass[bin] ?? 0);
}

/** Sum over the bins above `bin`. */
export function above(counts: ArrayLike<number>, bin: number): number {
  let sum = 0;
  for (let index = Math.max(0, bin + 1); index < counts.length; index++) sum += counts[index] ?? 0;
  return sum;
}

/** Takes away the `count` largest observations. */
export function withoutLargest(counts: ArrayLike<number>, count: number): Float64Array {
  const kept = Float64Array.from(counts);
  let left = count;
  for (let bin = kept.length - 1; bin >= 0 && left > 0; bin--) {
    const taken = Math.min(left, kept[bin] ?? 0);
    kept[bin] = (kept[bin] ?? 0) - taken;
    left -= taken;
  }
  return kept;
}
