/** Rules with fixed thresholds on the canary alone (Flagger, Argo Rollouts) or per data point (alarms); from the public descriptions. */
import type { ArmCounts } from '../../../../src/domain/judge/reading/traffic-bucket.ts';
import type { Rollout } from '../generator/rollout.ts';
import { errorPercent, interpolatedQuantileMs } from './bucket-metrics.ts';
import type { RulePort } from './rule-port.ts';

export interface Thresholds {
  /** Least success rate in percent. */
  readonly successPercent: number;
  readonly p99Ms: number;
}

function breaches(arm: ArmCounts, { successPercent, p99Ms }: Thresholds): boolean {
  if (arm.requests === 0) return true;
  return 100 - errorPercent(arm) < successPercent || interpolatedQuantileMs(arm, 0.99) > p99Ms;
}

function looks({ buckets, scenario }: Rollout): number[] {
  return buckets.map((_, look) => look).slice(scenario.warmUpBuckets);
}

/** Failed checks add up over the whole run and never decrease; rollback at `failedChecks`. */
export function flagger(thresholds: Thresholds, failedChecks: number): RulePort {
  return {
    name: `Flagger ${thresholds.successPercent}/${thresholds.p99Ms}`,
    about: `success rate below ${thresholds.successPercent} % or p99 above ${thresholds.p99Ms} ms, ${failedChecks} failed checks`,
    firstRollback(rollout) {
      let failed = 0;
      for (const look of looks(rollout)) {
        const bucket = rollout.buckets[look];
        if (bucket && breaches(bucket.green, thresholds)) failed++;
        if (failed >= failedChecks) return look;
      }
      return -1;
    },
  };
}

/** One metric per threshold; a metric has failed when more than `failureLimit` of its measurements did. */
export function argoRollouts(thresholds: Thresholds, failureLimit: number): RulePort {
  return {
    name: `Argo ${thresholds.successPercent}/${thresholds.p99Ms} limit ${failureLimit}`,
    about: `each metric may fail ${failureLimit} measurements`,
    firstRollback(rollout) {
      let failedErrors = 0;
      let failedLatency = 0;
      for (const look of looks(rollout)) {
        const green = rollout.buckets[look]?.green;
        if (!green) continue;
        if (100 - errorPercent(green) < thresholds.successPercent) failedErrors++;
        if (interpolatedQuantileMs(green, 0.99) > thresholds.p99Ms) failedLatency++;
        if (Math.max(failedErrors, failedLatency) > failureLimit) return look;
      }
      return -1;
    },
  };
}

/** An alarm goes off when `breachesWanted` of the last `evaluationPeriods` points breach; any alarm rolls back. */
export function alarm(thresholds: Thresholds, breachesWanted: number, evaluationPeriods: number): RulePort {
  return {
    name: `alarm ${thresholds.successPercent}/${thresholds.p99Ms} ${breachesWanted}of${evaluationPeriods}`,
    about: `${breachesWanted} of the last ${evaluationPeriods} minutes breach`,
    firstRollback(rollout) {
      const recent: boolean[] = [];
      for (const look of looks(rollout)) {
        const bucket = rollout.buckets[look];
        recent.push(bucket !== undefined && breaches(bucket.green, thresholds));
        if (recent.slice(-evaluationPeriods).filter(Boolean).length >= breachesWanted) return look;
      }
      return -1;
    },
  };
}
