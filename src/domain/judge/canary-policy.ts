/** What a policy says of how green is judged: times in buckets, risks, and the part of every metric. */
import type { DeploymentName } from '../ids/names.ts';
import type { MetricPolicies } from './metrics/all-metrics.ts';
import type { DesignEffectFloors } from './reading/baseline-history.ts';
import type { TelemetryPace } from './reading/reading-window.ts';

export interface CanaryPolicy extends MetricPolicies, TelemetryPace {
  /** Buckets in a row without data before the rollout is held, and at twice as many rolled back. */
  readonly noDataBuckets: number;
  /** First buckets of green's traffic that are not judged: cold caches are not a regression. */
  readonly warmUpBuckets: number;
  /** Judged buckets before any promotion. */
  readonly soakBuckets: number;
  /** Judged buckets after which an undecided rollout does what `onHorizon` says. */
  readonly horizonBuckets: number;
  readonly onHorizon: 'extend' | 'hold' | 'rollback';
  /** Chance of rolling back a green that lies within its margins, over `horizonBuckets`. */
  readonly alpha: number;
  /** Chance of promoting a green that lies at a promotion margin or beyond. */
  readonly beta: number;
  /** The same for a step that is not the last. */
  readonly betaStep: number;
  readonly designEffect: DesignEffectPolicy;
}

/**
 * How much more two copies of one version differ than independent requests would: bursts, retries, noisy nodes. The
 * evidence is divided by it. Measured where a replica of blue ran before the rollout, else these floors, at least 1.
 */
export interface DesignEffectPolicy extends DesignEffectFloors {
  /** A second deployment of blue's version on the same endpoint; null where there is none. */
  readonly replica: DeploymentName | null;
}
