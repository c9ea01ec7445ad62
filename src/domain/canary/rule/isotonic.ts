/** The non-decreasing sequence nearest to given values in weighted least squares. */

/** Pool-adjacent-violators algorithm (Barlow, Bartholomew, Bremner & Brunk, 1972). Weights must be positive. */
export function nonDecreasing(values: readonly number[], weights: readonly number[]): number[] {
  const means: number[] = [];
  const masses: number[] = [];
  const ends: number[] = [];
  for (let index = 0; index < values.length; index++) {
    let mean = values[index] ?? 0;
    let mass = weights[index] ?? 0;
    let last = means.length - 1;
    while (last >= 0 && (means[last] ?? 0) > mean) {
      const before = masses[last] ?? 0;
      mean = (mean * mass + (means[last] ?? 0) * before) / (mass + before);
      mass += before;
      last--;
    }
    means.length = masses.length = ends.length = last + 1;
    means.push(mean);
    masses.push(mass);
    ends.push(index);
  }
  return spreadOut(means, ends);
}

function spreadOut(means: readonly number[], ends: readonly number[]): number[] {
  const values: number[] = [];
  for (let block = 0; block < means.length; block++) {
    while (values.length <= (ends[block] ?? 0)) values.push(means[block] ?? 0);
  }
  return values;
}
