/**
 * Kayenta's NetflixACAJudge-v1.0 on minute points of two metrics, error rate in percent and p95, each its own group:
 * Mann-Whitney interval at 98 %, tolerance of a quarter of the estimate, effect as ratio of means (at least 1).
 * Any metric that is High fails the canary. Written from the public description of spinnaker/kayenta.
 */
import type { ArmCounts } from '../../../../src/domain/judge/reading/traffic-bucket.ts';
import { errorPercent, interpolatedQuantileMs } from './bucket-metrics.ts';
import { leastShift, likelyShift } from './mann-whitney.ts';
import type { RulePort } from './rule-port.ts';

const TOLERANCE = 0.25;

/** Looks at every minute from `fewestPoints` points on. */
export function kayenta(fewestPoints: number): RulePort {
  return {
    name: `Kayenta >=${fewestPoints}`,
    about: `Mann-Whitney at every look from ${fewestPoints} points on`,
    firstRollback({ buckets, scenario }) {
      const canary = [sorted(), sorted()];
      const baseline = [sorted(), sorted()];
      for (let look = scenario.warmUpBuckets; look < buckets.length; look++) {
        const bucket = buckets[look];
        if (!bucket) break;
        for (const [metric, measure] of METRICS.entries()) {
          canary[metric]?.insert(measure(bucket.green));
          baseline[metric]?.insert(measure(bucket.blue));
        }
        if (look - scenario.warmUpBuckets + 1 < fewestPoints) continue;
        if (METRICS.some((_, metric) => isHigh(canary[metric]?.values ?? [], baseline[metric]?.values ?? [])))
          return look;
      }
      return -1;
    },
  };
}

const METRICS = [errorPercent, (arm: ArmCounts) => interpolatedQuantileMs(arm, 0.95)] as const;

/** High: the interval lies above a quarter of the estimate, and the mean is higher. */
export function isHigh(canary: readonly number[], baseline: readonly number[]): boolean {
  if (canary.length === 0 || baseline.length === 0 || alike(canary, baseline)) return false;
  if (mean(canary) / mean(baseline) < 1) return false;
  const low = leastShift(canary, baseline);
  return low > 0 && low > TOLERANCE * Math.abs(likelyShift(canary, baseline));
}

function alike(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A sample kept in order; what is not a number is left out (nanStrategy "remove"). */
function sorted() {
  const values: number[] = [];
  return {
    values,
    insert(value: number): void {
      if (Number.isNaN(value)) return;
      let at = values.length;
      while (at > 0 && (values[at - 1] ?? 0) > value) at--;
      values.splice(at, 0, value);
    },
  };
}
