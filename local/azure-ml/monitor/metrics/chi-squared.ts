/** Pearson's chi-squared test of production counts against the shares of the reference (scipy.stats.chisquare). */

import { type CountPair, total } from './histograms.ts';
import { upperGamma } from './incomplete-gamma.ts';

/** A category that the reference lacks has the expectation 0 and makes the p-value 0; a single category makes it 1. */
export function chiSquaredPValue({ reference, production }: CountPair): number {
  const scale = total(production) / total(reference);
  let statistic = 0;
  for (const [index, count] of reference.entries()) {
    const observed = production[index] ?? 0;
    if (count === 0 && observed > 0) return 0;
    const expected = count * scale;
    if (expected > 0) statistic += (observed - expected) ** 2 / expected;
  }
  const degrees = reference.length - 1;
  return degrees < 1 ? 1 : upperGamma(degrees / 2, statistic / 2);
}
