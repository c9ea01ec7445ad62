/** The policy in the judge's own units, and what each metric is told of it. */
import type { StartPrior } from '../evidence/mixture.ts';
import type { CanaryPolicy } from './canary-policy.ts';
import { METRICS, type MetricSettings, type MetricStates } from './metrics/all-metrics.ts';
import type { Metric, MetricState, MetricTypes, Terms } from './metrics/metric.ts';
import type { DesignEffects } from './reading/baseline-history.ts';

export interface JudgeOptions {
  readonly alpha: number;
  readonly beta: number;
  readonly betaStep: number;
  readonly warmUpBuckets: number;
  readonly soakBuckets: number;
  readonly designEffects: DesignEffects;
  readonly prior: StartPrior;
  readonly settings: MetricSettings;
}

/** Most regressions are there from the first bucket. */
export const PRIOR_OF_FIRST = 0.72;

export function judgeOptions(policy: CanaryPolicy, designEffects: DesignEffects): JudgeOptions {
  const { alpha, beta, betaStep, warmUpBuckets, soakBuckets, horizonBuckets } = policy;
  const settings = Object.fromEntries(METRICS.map((metric) => [metric.name, metric.settings(policy)]));
  return {
    alpha,
    beta,
    betaStep,
    warmUpBuckets,
    soakBuckets,
    designEffects,
    prior: { first: PRIOR_OF_FIRST, horizonBuckets },
    settings: settings as unknown as MetricSettings,
  };
}

/** Null where the policy does not ask for the metric. */
export function termsOf<T extends MetricTypes>(options: JudgeOptions, metric: Metric<T>): Terms<T['settings']> | null {
  const settings = (options.settings as Readonly<Record<string, T['settings'] | undefined>>)[metric.name];
  if (settings === null || settings === undefined) return null;
  return { settings, prior: options.prior, designEffects: options.designEffects };
}

/** Null where the metric has not begun. */
export function stateOf(states: Partial<MetricStates>, metric: Metric): MetricState | null {
  return (states as Readonly<Record<string, MetricState | null | undefined>>)[metric.name] ?? null;
}
