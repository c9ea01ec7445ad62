/** Everything the decision rule can be told, with its defaults; all durations count buckets. */
import type { OutcomeOptions } from './outcomes/outcome-options.ts';
import type { StartPrior } from './start-mixing.ts';

/** Where a design effect comes from: measured on replicas of one version, taken as a stated floor, or given. */
export type DesignEffectSource = 'measured' | 'floor' | 'given';

export interface DesignEffects {
  /** Variance of error counts against independent requests; at least 1. */
  readonly errors: number;
  /** The same for shares of slow requests. */
  readonly latency: number;
  readonly source: DesignEffectSource;
}

export interface RuleOptions {
  /** Chance of rolling back a green that lies within the margins, over the whole rollout. */
  readonly alpha: number;
  /** Chance of promoting a green that lies at a promotion margin or beyond, over the whole rollout. */
  readonly beta: number;
  /** The same for a step that is not the last. */
  readonly betaStep: number;
  /** Tolerated extra error rate. */
  readonly errorMargin: number;
  /** Tolerated slow-down in bins of 10.4 %. */
  readonly latencyMarginBins: number;
  readonly promoteErrorMargin: number;
  readonly promoteLatencyMarginBins: number;
  /** Shares of the slowest requests (of WATCHED_TAILS) whose quantiles promotion must be sure of; few requests say little about p99. */
  readonly assuredTails: readonly number[];
  readonly outcomes: OutcomeOptions | null;
  readonly designEffects: DesignEffects;
  /** First buckets, which are not judged: a cold start is no regression. */
  readonly warmUpBuckets: number;
  /** Judged buckets before any promotion. */
  readonly soakLooks: number;
  readonly start: StartPrior;
  /** What follows when the horizon is reached undecided. */
  readonly atHorizon: 'hold' | 'extend' | 'rollback';
  /** Buckets in a row without green's requests until nothing moves any more. */
  readonly holdAfterSilentLooks: number;
  /** Buckets in a row in which blue has requests and green has none until green is rolled back; null for never. */
  readonly rollbackAfterSilentLooks: number | null;
}

export const DEFAULT_RULE_OPTIONS: RuleOptions = {
  alpha: 0.05,
  beta: 0.05,
  betaStep: 0.2,
  errorMargin: 0.002,
  latencyMarginBins: 1,
  promoteErrorMargin: 0.0075,
  promoteLatencyMarginBins: 3,
  assuredTails: [0.5, 0.05, 0.01],
  outcomes: null,
  designEffects: { errors: 1, latency: 1, source: 'floor' },
  warmUpBuckets: 3,
  soakLooks: 10,
  start: { first: 0.72, horizonLooks: 60 },
  atHorizon: 'hold',
  holdAfterSilentLooks: 3,
  rollbackAfterSilentLooks: 6,
};
