/** Jensen-Shannon distance in base 2: 0 for equal distributions, 1 for disjoint ones (scipy.spatial.distance.jensenshannon). */
import { type CountPair, total } from './histograms.ts';

export function jensenShannonDistance({ reference, production }: CountPair): number {
  const [referenceRows, productionRows] = [total(reference), total(production)];
  let divergence = 0;
  for (const [index, count] of reference.entries()) {
    const p = count / referenceRows;
    const q = (production[index] ?? 0) / productionRows;
    const middle = (p + q) / 2;
    divergence += (relativeEntropy(p, middle) + relativeEntropy(q, middle)) / 2;
  }
  return Math.sqrt(Math.max(0, divergence));
}

function relativeEntropy(share: number, middle: number): number {
  return share === 0 ? 0 : share * Math.log2(share / middle);
}
