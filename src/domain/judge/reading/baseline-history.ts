/**
 * What blue did before green came: the judge's first prediction, and the design effects where a replica of blue ran
 * too.
 */
import { designEffect } from '../../evidence/design-effect.ts';
import { above, total } from '../../evidence/histogram.ts';
import type { HitCounts } from '../../evidence/share-evidence.ts';
import { failedOf } from './blue-memory.ts';
import { type ArmCounts, addCounts, denseCounts, type LoggedBucket, NO_REQUESTS } from './traffic-bucket.ts';

export interface DesignEffects {
  /** Variance of error counts against independent requests; at least 1. */
  readonly errors: number;
  /** The same for shares of slow requests. */
  readonly latency: number;
  /** Measured on replicas of one version, taken as the policy's floor, or given with the data. */
  readonly source: 'measured' | 'floor' | 'given';
}

/** The policy's floors, and the deployment to measure on; null where there is none. */
export interface DesignEffectFloors {
  readonly errors: number;
  readonly latency: number;
  readonly replica: string | null;
}

export interface BaselineHistory {
  readonly traffic: ArmCounts;
  /** Buckets in which blue had requests. */
  readonly buckets: number;
  readonly designEffects: DesignEffects;
}

/** One bucket of two replicas of the same version. */
export interface ReplicaBucket {
  readonly one: ArmCounts;
  readonly other: ArmCounts;
}

/** Fewer buckets measure nothing. */
const LEAST_BUCKETS = 30;
const WATCHED_TAILS = [0.5, 0.1, 0.05] as const;

/** `logged` may hold other deployments and later buckets; those from `untilMs` on are left out. */
export function baselineHistory(
  logged: readonly LoggedBucket[],
  blue: string,
  untilMs: number,
  floors: DesignEffectFloors,
): BaselineHistory {
  const before = logged.filter(({ startMs }) => startMs < untilMs);
  const ofBlue = before.filter(({ deployment }) => deployment === blue);
  return {
    traffic: ofBlue.reduce<ArmCounts>(addCounts, NO_REQUESTS),
    buckets: ofBlue.length,
    designEffects: designEffectsOf(before, ofBlue, floors),
  };
}

/** The traffic log names no instance, so that only a second deployment of blue's version can be measured against it. */
function designEffectsOf(
  before: readonly LoggedBucket[],
  ofBlue: readonly LoggedBucket[],
  { errors, latency, replica }: DesignEffectFloors,
): DesignEffects {
  const replicas = new Map(before.flatMap((each) => (each.deployment === replica ? [[each.startMs, each]] : [])));
  const pairs = ofBlue.flatMap((one) => {
    const other = replicas.get(one.startMs);
    return other ? [{ one, other }] : [];
  });
  const measured = measureDesignEffects(pairs);
  return measured ? { ...measured, source: 'measured' } : { errors, latency, source: 'floor' };
}

/** Null where there are too few buckets to say. */
export function measureDesignEffects(buckets: readonly ReplicaBucket[]): Omit<DesignEffects, 'source'> | null {
  const filled = buckets.filter(({ one, other }) => one.requests > 0 && other.requests > 0);
  if (filled.length < LEAST_BUCKETS) return null;
  const ofErrors = filled.map(({ one, other }) => ({ treated: failedOf(one), control: failedOf(other) }));
  return { errors: designEffect(ofErrors), latency: latencyEffect(filled) };
}

function latencyEffect(buckets: readonly ReplicaBucket[]): number {
  const dense = buckets.map(({ one, other }) => ({ one: denseCounts(one.latency), other: denseCounts(other.latency) }));
  const all = denseCounts({});
  for (const { one, other } of dense) {
    for (const bin of all.keys()) all[bin] = (all[bin] ?? 0) + (one[bin] ?? 0) + (other[bin] ?? 0);
  }
  const effects = WATCHED_TAILS.map((tail) => {
    const edge = all.findIndex((_, bin) => above(all, bin) <= tail * total(all));
    return designEffect(dense.map(({ one, other }) => ({ treated: tailOf(one, edge), control: tailOf(other, edge) })));
  });
  return Math.max(...effects);
}

function tailOf(counts: ArrayLike<number>, edge: number): HitCounts {
  return { hits: above(counts, edge), of: total(counts) };
}
