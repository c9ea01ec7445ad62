/**
 * Azure ML's numbers of a numeric feature from all raw values, by another way than the product's: counted as
 * `numpy.histogram` does, distances as `scipy.stats.wasserstein_distance` sums them.
 */

export interface ExactMetrics {
  readonly jensenShannonDistance: number;
  readonly populationStabilityIndex: number;
  readonly normalizedWassersteinDistance: number;
}

/** Neither may be empty or constant. */
export function exactMetrics(baseline: Float64Array, production: Float64Array): ExactMetrics {
  const [left, right] = [baseline.toSorted(), production.toSorted()];
  const min = Math.min(left[0] ?? 0, right[0] ?? 0);
  const max = Math.max(left.at(-1) ?? 0, right.at(-1) ?? 0);
  const bins = Math.ceil(Math.log2(Math.min(left.length, right.length)) + 1);
  const [b, p] = [histogram(left, min, max, bins), histogram(right, min, max, bins)];
  let [divergence, index] = [0, 0];
  for (let bin = 0; bin < bins; bin += 1) {
    const [before, now] = [(b[bin] ?? 0) / left.length, (p[bin] ?? 0) / right.length];
    const middle = (before + now) / 2;
    if (before > 0) divergence += (before * Math.log2(before / middle)) / 2;
    if (now > 0) divergence += (now * Math.log2(now / middle)) / 2;
    const smoothed = [((b[bin] ?? 0) + 1) / (left.length + bins), ((p[bin] ?? 0) + 1) / (right.length + bins)] as const;
    index += (smoothed[1] - smoothed[0]) * Math.log(smoothed[1] / smoothed[0]);
  }
  return {
    jensenShannonDistance: Math.sqrt(Math.max(0, divergence)),
    populationStabilityIndex: index,
    normalizedWassersteinDistance: area(left, right) / Math.max(deviation(left), 0.001),
  };
}

/** Bins closed on the left, the last one on both sides. */
function histogram(values: Float64Array, min: number, max: number, bins: number): Float64Array {
  const counts = new Float64Array(bins);
  const edge = (bin: number) => min + (bin * (max - min)) / bins;
  for (const value of values) {
    let bin = Math.min(bins - 1, Math.floor(((value - min) / (max - min)) * bins));
    if (value < edge(bin)) bin -= 1;
    else if (bin < bins - 1 && value >= edge(bin + 1)) bin += 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function area(left: Float64Array, right: Float64Array): number {
  let [i, j, sum, at] = [0, 0, 0, Math.min(left[0] ?? 0, right[0] ?? 0)];
  while (i < left.length || j < right.length) {
    const next = Math.min(left[i] ?? Number.POSITIVE_INFINITY, right[j] ?? Number.POSITIVE_INFINITY);
    sum += Math.abs(i / left.length - j / right.length) * (next - at);
    at = next;
    while (i < left.length && left[i] === at) i += 1;
    while (j < right.length && right[j] === at) j += 1;
  }
  return sum;
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
