/**
 * Weighs the evidence of all metrics: one e-value for rollback, one assurance for promotion, and what explains the data
 * best.
 *
 * 1. Averages of e-processes are e-processes whatever their dependence.
 * 2. Promotion needs every metric, so it takes the least; one without data counts only where the policy requires it.
 */

import { namedByEvidence } from '../evidence/false-discovery.ts';
import { logWeightedSum } from '../evidence/log-domain.ts';
import { type JudgeOptions, stateOf, termsOf } from './judge-options.ts';
import type { JudgeMemory } from './judge-state.ts';
import { METRICS, type MetricStates } from './metrics/all-metrics.ts';
import type { Alternative, Metric, MetricState, Terms } from './metrics/metric.ts';

/** A metric that the policy asks for, with what it knows; the state is null until it has begun. */
export interface AskedMetric {
  readonly metric: Metric;
  readonly terms: Terms<unknown>;
  readonly state: MetricState | null;
}

export interface EvidenceAgainst {
  /** ln E, rollback at ln(1/alpha). */
  readonly log: number;
  /** ln E of each metric alone. */
  readonly perMetric: Readonly<Record<string, number>>;
}

export interface LeadingAlternative {
  readonly phrase: string;
  /** Requests of green until rollback if it is true; null where its evidence does not grow. */
  readonly remainingRequests: number | null;
}

export function askedMetrics(states: Partial<MetricStates>, options: JudgeOptions): AskedMetric[] {
  return METRICS.flatMap((metric) => {
    const terms = termsOf(options, metric);
    return terms ? [{ metric, terms, state: stateOf(states, metric) }] : [];
  });
}

/** Those that may turn green back. */
function weighed(states: Partial<MetricStates>, options: JudgeOptions): AskedMetric[] {
  return askedMetrics(states, options).filter(({ metric }) => metric.effect === 'turns-back');
}

/**
 * The average by the parts of the metrics. What they leave to 1 is a constant e-value of 1. It is held back so that a
 * green that lies exactly at all margins is rolled back in about 1 % of rollouts at alpha = 0.05. A metric that not
 * every policy asks for takes its part from it.
 */
export function evidenceAgainst(states: Partial<MetricStates>, options: JudgeOptions): EvidenceAgainst {
  const asked = weighed(states, options);
  const parts = asked.map(({ metric }) => metric.part);
  const logs = asked.map(({ metric, terms, state }) => (state ? metric.evidence(state, terms) : 0));
  const constant = parts.reduce((left, part) => left - part, 1);
  return {
    log: logWeightedSum([...parts, constant], [...logs, 0]),
    perMetric: Object.fromEntries(asked.map(({ metric }, index) => [metric.name, logs[index] ?? 0])),
  };
}

/** ln P: the least assurance of all metrics that speak, or that promotion must wait for. */
export function assuranceFor(states: Partial<MetricStates>, options: JudgeOptions): number {
  const needed = weighed(states, options).filter(isNeeded);
  return Math.min(...needed.map(({ metric, terms, state }) => (state ? metric.assurance(state, terms) : 0)));
}

function isNeeded(asked: AskedMetric): boolean {
  return isSpeaking(asked) || asked.metric.isRequired(asked.terms.settings);
}

export function isSpeaking({ metric, terms, state }: AskedMetric): boolean {
  return state !== null && metric.speaks(state, terms);
}

/**
 * The metrics to name for a rollback; none before the evidence suffices. Several may be guilty only together: then
 * those are named that speak against green.
 */
export function guiltyMetrics(
  { log, perMetric }: EvidenceAgainst,
  asked: readonly AskedMetric[],
  alpha: number,
): string[] {
  if (log < Math.log(1 / alpha)) return [];
  const speaking = asked.filter(isSpeaking).map(({ metric }) => metric.name);
  const named = namedByEvidence(Object.fromEntries(speaking.map((name) => [name, perMetric[name] ?? 0])), alpha);
  return named.length > 0 ? named : speaking.filter((name) => (perMetric[name] ?? 0) > 0);
}

/** Which of the looked-for regressions the evidence favours, and how fast it would still grow if that one were true. */
export function leadingAlternative(
  { traffic, metrics }: JudgeMemory,
  options: JudgeOptions,
  logEvidence: number,
): LeadingAlternative {
  const all = weighed(metrics, options).flatMap(({ metric, terms, state }): readonly Alternative[] =>
    state ? metric.alternatives(state, terms, traffic) : [],
  );
  const best = all.reduce((a, b) => (b.score > a.score ? b : a));
  const growthPerRequest = traffic.lastMix.green === 0 ? 0 : best.growth() / traffic.lastMix.green;
  const missing = Math.max(0, Math.log(1 / options.alpha) - logEvidence);
  return {
    phrase: best.phrase(),
    remainingRequests: growthPerRequest > 0 ? Math.ceil(missing / growthPerRequest) : null,
  };
}
