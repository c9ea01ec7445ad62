/** Population stability index with natural logarithms; one is added to every count, so that no bin is empty. */
import { type CountPair, total } from './histograms.ts';

export function populationStabilityIndex({ reference, production }: CountPair): number {
  const referenceTotal = total(reference) + reference.length;
  const productionTotal = total(production) + production.length;
  let index = 0;
  for (const [bin, count] of reference.entries()) {
    const p = (count + 1) / referenceTotal;
    const q = ((production[bin] ?? 0) + 1) / productionTotal;
    index += (q - p) * Math.log(q / p);
  }
  return index;
}
