/** Distances between two sets of counts over the same cells, as Azure ML model monitoring computes them. */

/**
 * Population stability index with one row added to every cell: sum of (p - b) ln(p / b).
 * Source: azureml-assets, model monitoring components, and "Azure Machine Learning model monitoring".
 */
export function stabilityIndex(baseline: readonly number[], production: readonly number[], smoothing: number): number {
  const total = (counts: readonly number[]) =>
    counts.reduce((sum, count) => sum + count, 0) + smoothing * counts.length;
  const [ofBaseline, ofProduction] = [total(baseline), total(production)];
  let index = 0;
  for (const [cell, count] of baseline.entries()) {
    const b = (count + smoothing) / ofBaseline;
    const p = ((production[cell] ?? 0) + smoothing) / ofProduction;
    index += (p - b) * Math.log(p / b);
  }
  return index;
}

/** Square root of the Jensen-Shannon divergence with base 2, as `scipy.spatial.distance.jensenshannon`; 0-1. */
export function jensenShannonDistance(baseline: readonly number[], production: readonly number[]): number {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const [ofBaseline, ofProduction] = [sum(baseline), sum(production)];
  let divergence = 0;
  for (const [cell, count] of baseline.entries()) {
    const b = count / ofBaseline;
    const p = (production[cell] ?? 0) / ofProduction;
    const middle = (b + p) / 2;
    divergence += (part(b, middle) + part(p, middle)) / 2;
  }
  return Math.sqrt(Math.max(0, divergence));
}

function part(share: number, middle: number): number {
  return share === 0 ? 0 : share * Math.log2(share / middle);
}
