/**
 * Combines the evidence of all metrics into one e-value for rollback, and the assurance of all into one for promotion.
 * Averages of e-processes are e-processes whatever their dependence; promotion needs every metric, so it takes the least.
 */
import { EXTRA_ERRORS } from './error-alternatives.ts';
import { SLOW_DOWNS } from './latency/latency-alternatives.ts';
import { WATCHED_TAILS } from './latency/latency-evidence.ts';
import { logAdd, logWeightedSum } from './log-domain.ts';
import { outcomeLogs } from './outcomes/outcome-evidence.ts';
import type { RuleOptions } from './rule-options.ts';
import type { RuleState } from './rule-state.ts';
import { logUnspentWeight } from './start-mixing.ts';
import { TOGETHER } from './together-alternatives.ts';

export type RuleMetric = 'errors' | 'latency' | 'outcomes';

export interface CombinedEvidence {
  /** ln E, rollback at ln(1/alpha). */
  readonly log: number;
  /** ln E of each metric alone. */
  readonly perMetric: Readonly<Record<RuleMetric, number>>;
  readonly together: number;
}

/**
 * Parts of the average. What is left to 1 is a constant e-value of 1: it is held back so that a green that lies exactly at
 * all margins is rolled back in about 1 % of rollouts at alpha = 0.05, and a outcomes takes its part from it.
 */
const PARTS = { errors: 0.312, latency: 0.39, together: 0.09, outcomes: 0.1 } as const;
const HALVES = [0.5, 0.5] as const;
const ERROR_WEIGHTS = EXTRA_ERRORS.map(({ weight }) => weight);
const LATENCY_WEIGHTS = SLOW_DOWNS.map(({ weight }) => weight);
const TOGETHER_WEIGHTS = TOGETHER.map(({ weight }) => weight);

export function combineEvidence({ evidence, looks, outcomes }: RuleState, options: RuleOptions): CombinedEvidence {
  const unspent = logUnspentWeight(options.start, looks);
  const metric = (weights: readonly number[], logs: readonly number[]) =>
    logAdd(logWeightedSum(weights, logs), unspent);
  const errors = metric(ERROR_WEIGHTS, evidence.errors);
  const latency = metric(LATENCY_WEIGHTS, evidence.latency);
  const together = metric(TOGETHER_WEIGHTS, evidence.together);
  const ofOutcomes = outcomeLogs(outcomes, options).logEvidence;
  const partOfOutcomes = options.outcomes ? PARTS.outcomes : 0;
  const constant = 1 - PARTS.errors - PARTS.latency - PARTS.together - partOfOutcomes;
  const log = logWeightedSum(
    [PARTS.errors, PARTS.latency, PARTS.together, partOfOutcomes, constant],
    [errors, latency, together, ofOutcomes, 0],
  );
  return { log, perMetric: { errors, latency, outcomes: ofOutcomes }, together };
}

/** ln P: the least assurance of all metrics, of the outcomes only once it speaks, unless promotion requires it. */
export function combineAssurance({ assurance, outcomes }: RuleState, options: RuleOptions): number {
  const technical = Math.min(assurance.errors, latencyAssuranceOf(assurance, options));
  const { logAssurance, speaks } = outcomeLogs(outcomes, options);
  return speaks || options.outcomes?.requiredForPromotion ? Math.min(technical, logAssurance) : technical;
}

/** The metrics that have data to speak of. */
export function speakingMetrics({ outcomes }: RuleState, options: RuleOptions): RuleMetric[] {
  return outcomeLogs(outcomes, options).speaks ? ['errors', 'latency', 'outcomes'] : ['errors', 'latency'];
}

/**
 * The least assurance of the quantiles that the policy demands, each the average of two e-processes: at the edges of what blue
 * usually does, and of what it did last. Where the load has changed, hardly a request crosses the usual edges, which then say nothing.
 */
export function latencyAssuranceOf(assurance: RuleState['assurance'], { assuredTails }: RuleOptions): number {
  const { latency, recentLatency } = assurance;
  const averages = latency.map((log, index) => logWeightedSum(HALVES, [log, recentLatency[index] ?? 0]));
  return Math.min(...averages.filter((_, index) => assuredTails.includes(WATCHED_TAILS[index] ?? 0)));
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
