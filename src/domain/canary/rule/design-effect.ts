/**
 * Measures how much more two replicas of one version differ than independent requests would: bursts, retries and node noise
 * make requests depend on each other, and the evidence is divided by this factor (Hölder's inequality).
 */

import type { ArmCounts } from '../traffic-buckets.ts';
import type { HitCounts, HitsOfArms } from './binary-evidence.ts';
import { above, denseCounts, total } from './latency/latency-bins.ts';

/** One bucket of two replicas of the same version. */
export interface ReplicaBucket {
  readonly one: ArmCounts;
  readonly other: ArmCounts;
}

const LAGS = 8;
/** Less than this is taken for chance. */
const NEGLIGIBLE = 1.5;
/** Fewer buckets measure nothing. */
export const LEAST_BUCKETS = 30;
const WATCHED_TAILS = [0.5, 0.1, 0.05] as const;

/** Design effects of errors and latency; null where there are too few buckets to say. */
export function measureDesignEffects(
  buckets: readonly ReplicaBucket[],
): { readonly errors: number; readonly latency: number } | null {
  const filled = buckets.filter(({ one, other }) => one.requests > 0 && other.requests > 0);
  if (filled.length < LEAST_BUCKETS) return null;
  const ofErrors = filled.map(({ one, other }) => ({ green: failures(one), blue: failures(other) }));
  return { errors: designEffect(ofErrors), latency: latencyEffect(filled) };
}

/** max(sum D^2, Bartlett long-run sum over 8 lags) / sum of binomial variances, D the difference of hits; 1 where near 1. */
export function designEffect(buckets: readonly HitsOfArms[]): number {
  const differences: number[] = [];
  let variance = 0;
  for (const { green, blue } of buckets) {
    if (green.of === 0 || blue.of === 0) continue;
    const rate = (green.hits + blue.hits) / (green.of + blue.of);
    const scale = (2 * blue.of) / (green.of + blue.of);
    const other = (2 * green.of) / (green.of + blue.of);
    differences.push(green.hits * scale - blue.hits * other);
    variance += (green.of * scale ** 2 + blue.of * other ** 2) * rate * (1 - rate);
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

function latencyEffect(buckets: readonly ReplicaBucket[]): number {
  const dense = buckets.map(({ one, other }) => ({ one: denseCounts(one.latency), other: denseCounts(other.latency) }));
  const all = denseCounts({});
  for (const { one, other } of dense) {
    for (const bin of all.keys()) all[bin] = (all[bin] ?? 0) + (one[bin] ?? 0) + (other[bin] ?? 0);
  }
  const effects = WATCHED_TAILS.map((tail) => {
    const edge = all.findIndex((_, bin) => above(all, bin) <= tail * total(all));
    return designEffect(dense.map(({ one, other }) => ({ green: tailOf(one, edge), blue: tailOf(other, edge) })));
  });
  return Math.max(...effects);
}

function tailOf(counts: ArrayLike<number>, edge: number): HitCounts {
  return { hits: above(counts, edge), of: total(counts) };
}

function failures({ errors, requests }: ArmCounts): HitCounts {
  return { hits: errors, of: requests };
}
