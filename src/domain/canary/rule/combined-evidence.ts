/**
 * Combines the evidence of all metrics into one e-value for rollback, and the assurance of all into one for promotion.
 * Averages of e-processes are e-processes whatever their dependence; promotion needs every metric, so it takes the least.
 */
import { EXTRA_ERRORS } from './error-alternatives.ts';
import { SLOW_DOWNS } from './latency-alternatives.ts';
import { logAdd, logWeightedSum } from './log-domain.ts';
import type { RuleOptions } from './rule-options.ts';
import type { RuleState } from './rule-state.ts';
import { logUnspentWeight } from './start-mixing.ts';

export type RuleMetric = 'errors' | 'latency' | 'business';

export interface CombinedEvidence {
  /** ln E, rollback at ln(1/alpha). */
  readonly log: number;
  /** ln E of each metric alone. */
  readonly perMetric: Readonly<Record<RuleMetric, number>>;
  readonly together: number;
}

/** Parts of the rollback evidence; the business metric takes its part from the others where a policy has one. */
const WEIGHTS = { errors: 0.45, latency: 0.45, together: 0.1 } as const;
const BUSINESS_WEIGHT = 0.1;
const ERROR_WEIGHTS = EXTRA_ERRORS.map(({ weight }) => weight);
const LATENCY_WEIGHTS = SLOW_DOWNS.map(({ weight }) => weight);
const TOGETHER_WEIGHTS = ERROR_WEIGHTS.flatMap((ofErrors) => LATENCY_WEIGHTS.map((ofLatency) => ofErrors * ofLatency));

export function combineEvidence({ evidence, looks }: RuleState, options: RuleOptions): CombinedEvidence {
  const unspent = logUnspentWeight(options.start, looks);
  const metric = (weights: readonly number[], logs: readonly number[]) =>
    logAdd(logWeightedSum(weights, logs), unspent);
  const errors = metric(ERROR_WEIGHTS, evidence.errors);
  const latency = metric(LATENCY_WEIGHTS, evidence.latency);
  const together = metric(TOGETHER_WEIGHTS, evidence.together);
  const business = metric(ERROR_WEIGHTS, evidence.business);
  const technical = logWeightedSum([WEIGHTS.errors, WEIGHTS.latency, WEIGHTS.together], [errors, latency, together]);
  const log = options.business
    ? logWeightedSum([1 - BUSINESS_WEIGHT, BUSINESS_WEIGHT], [technical, business])
    : technical;
  return { log, perMetric: { errors, latency, business }, together };
}

/** ln P: the least assurance of all metrics that the policy has. */
export function combineAssurance({ assurance }: RuleState, options: RuleOptions): number {
  const business = options.business ? [assurance.business] : [];
  return Math.min(assurance.errors, ...assurance.latency, ...business);
}

/**
 * The metrics that can be named with a false-discovery rate of at most `rate` under any dependence: e-BH of Wang & Ramdas
 * (arXiv 2009.02824) on the current e-values.
 */
export function guiltyMetrics(perMetric: Readonly<Partial<Record<RuleMetric, number>>>, rate: number): RuleMetric[] {
  const ranked = (Object.entries(perMetric) as [RuleMetric, number][]).sort((a, b) => b[1] - a[1]);
  const named = ranked.findLastIndex(([, log], index) => log >= Math.log(ranked.length / ((index + 1) * rate)));
  return ranked.slice(0, named + 1).map(([metric]) => metric);
}
