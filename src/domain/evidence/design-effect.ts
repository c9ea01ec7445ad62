/**
 * Measures how much more two replicas of one thing differ than independent observations would.
 *
 * Bursts, retries and node noise make observations depend on each other; evidence is divided by this factor (Hölder's
 * inequality).
 */
import type { HitsOfSamples } from './share-evidence.ts';

const LAGS = 8;
/** Less than this is taken for chance. */
const NEGLIGIBLE = 1.5;

/**
 * max(sum D^2, Bartlett long-run sum over 8 lags) / sum of binomial variances, D the difference of hits; 1 where near
 * 1.
 */
export function designEffect(buckets: readonly HitsOfSamples[]): number {
  const differences: number[] = [];
  let variance = 0;
  for (const { treated, control } of buckets) {
    if (treated.of === 0 || control.of === 0) continue;
    const rate = (treated.hits + control.hits) / (treated.of + control.of);
    const scale = (2 * control.of) / (treated.of + control.of);
    const other = (2 * treated.of) / (treated.of + control.of);
    differences.push(treated.hits * scale - control.hits * other);
    variance += (treated.of * scale ** 2 + control.of * other ** 2) * rate * (1 - rate);
  }
  if (variance <= 0) return 1;
  const effect = Math.max(autoSum(differences, 0), longRunSum(differences)) / variance;
  return effect < NEGLIGIBLE ? 1 : effect;
}

function longRunSum(differences: readonly number[]): number {
  let sum = autoSum(differences, 0);
  for (let lag = 1; lag <= LAGS; lag++) sum += 2 * (1 - lag / (LAGS + 1)) * autoSum(differences, lag);
  return sum;
}

function autoSum(differences: readonly number[], lag: number): number {
  let sum = 0;
  for (let index = lag; index < differences.length; index++) {
    sum += (differences[index] ?? 0) * (differences[index - lag] ?? 0);
  }
  return sum;
}
