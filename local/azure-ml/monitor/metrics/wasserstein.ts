/** First Wasserstein distance of the raw samples, in standard deviations of the reference (at least 0.001). */

const LEAST_DEVIATION = 0.001;

export function normalizedWassersteinDistance(reference: readonly number[], production: readonly number[]): number {
  return wassersteinDistance(reference, production) / Math.max(sampleDeviation(reference), LEAST_DEVIATION);
}

/** Area between the two empirical distribution functions (scipy.stats.wasserstein_distance). */
export function wassersteinDistance(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [sorted(left), sorted(right)];
  const points = sorted([...a, ...b]);
  let [below, under, area] = [0, 0, 0];
  for (let index = 0; index + 1 < points.length; index += 1) {
    const [here = 0, next = 0] = [points[index], points[index + 1]];
    while (below < a.length && (a[below] ?? 0) <= here) below += 1;
    while (under < b.length && (b[under] ?? 0) <= here) under += 1;
    area += Math.abs(below / a.length - under / b.length) * (next - here);
  }
  return area;
}

/** Of fewer than two values it is 0. */
function sampleDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}
