/**
 * Counts both sets over common bins or categories, as Azure ML's monitoring components do before they compare distributions
 * (Azure/azureml-assets, model_monitoring).
 */

export interface CountPair {
  readonly reference: readonly number[];
  readonly production: readonly number[];
}

/** Bins of equal width over the range of both sets; Sturges' count for the smaller set; the last bin is closed. */
export function binCounts(reference: readonly number[], production: readonly number[]): CountPair {
  const [low, high] = rangeOf(reference, production);
  const bins = low === high ? 1 : Math.ceil(Math.log2(Math.min(reference.length, production.length)) + 1);
  const count = (values: readonly number[]) => {
    const counts = new Array<number>(bins).fill(0);
    for (const value of values) {
      const bin = low === high ? 0 : binOf(value, low, high, bins);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  return { reference: count(reference), production: count(production) };
}

/** The union of both sets' categories, in the order of their appearance. */
export function categoryCounts(reference: readonly unknown[], production: readonly unknown[]): CountPair {
  const [before, now] = [tally(reference), tally(production)];
  const categories = [...new Set([...before.keys(), ...now.keys()])];
  return {
    reference: categories.map((category) => before.get(category) ?? 0),
    production: categories.map((category) => now.get(category) ?? 0),
  };
}

export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function binOf(value: number, low: number, high: number, bins: number): number {
  const guess = Math.min(bins - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * bins)));
  // The edge decides, not the rounding of a division.
  if (guess > 0 && value < edge(guess, low, high, bins)) return guess - 1;
  if (guess < bins - 1 && value >= edge(guess + 1, low, high, bins)) return guess + 1;
  return guess;
}

function edge(index: number, low: number, high: number, bins: number): number {
  return low + (index * (high - low)) / bins;
}

function rangeOf(...sets: readonly (readonly number[])[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const set of sets) {
    for (const value of set) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

function tally(values: readonly unknown[]): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
