/** What blue did before green came: the judge's first prediction, and the design effects where a replica of blue ran too. */
import type { DesignEffectPolicy } from '../policy/policy.ts';
import type { LoggedBucket } from './ready-buckets.ts';
import { measureDesignEffects } from './rule/design-effect.ts';
import type { DesignEffects } from './rule/rule-options.ts';
import { type ArmCounts, addCounts, NO_REQUESTS } from './traffic-buckets.ts';

export interface BaselineHistory {
  readonly traffic: ArmCounts;
  /** Buckets in which blue had requests. */
  readonly buckets: number;
  readonly designEffects: DesignEffects;
}

/** `logged` may hold other deployments and later buckets; those from `untilMs` on are left out. */
export function baselineHistory(
  logged: readonly LoggedBucket[],
  blue: string,
  untilMs: number,
  policy: DesignEffectPolicy,
): BaselineHistory {
  const before = logged.filter(({ startMs }) => startMs < untilMs);
  const ofBlue = before.filter(({ deployment }) => deployment === blue);
  return {
    traffic: ofBlue.reduce<ArmCounts>(addCounts, NO_REQUESTS),
    buckets: ofBlue.length,
    designEffects: designEffectsOf(before, ofBlue, policy),
  };
}

/** The traffic log names no instance, so that only a second deployment of blue's version can be measured against it. */
function designEffectsOf(
  before: readonly LoggedBucket[],
  ofBlue: readonly LoggedBucket[],
  { errors, latency, replica }: DesignEffectPolicy,
): DesignEffects {
  const replicas = new Map(before.flatMap((each) => (each.deployment === replica ? [[each.startMs, each]] : [])));
  const pairs = ofBlue.flatMap((one) => {
    const other = replicas.get(one.startMs);
    return other ? [{ one, other }] : [];
  });
  const measured = measureDesignEffects(pairs);
  return measured ? { ...measured, source: 'measured' } : { errors, latency, source: 'floor' };
}
