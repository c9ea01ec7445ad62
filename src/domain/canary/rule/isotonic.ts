/** The non-decreasing sequence nearest to given values in weighted least squares. */

/** Pool-adjacent-violators algorithm (Barlow, Bartholomew, Bremner & Brunk, 1972). Weights must be positive. */
export function nonDecreasing(values: readonly number[], weights: readonly number[]): number[] {
  const means: number[] = [];
  const masses: number[] = [];
  const sizes: number[] = [];
  for (const [index, value] of values.entries()) {
    let mean = value;
    let mass = weights[index] ?? 0;
    let size = 1;
    while (means.length > 0 && (means.at(-1) ?? 0) > mean) {
      const before = masses.pop() ?? 0;
      mean = (mean * mass + (means.pop() ?? 0) * before) / (mass + before);
      mass += before;
      size += sizes.pop() ?? 0;
    }
    means.push(mean);
    masses.push(mass);
    sizes.push(size);
  }
  return means.flatMap((mean, index) => new Array<number>(sizes[index] ?? 0).fill(mean));
}
