/** Buckets of outcomes for tests of the judge: fixed sums, no randomness. */
import { NO_VALUES, type ValueSums } from '../../../../../../src/domain/evidence/value-sums.ts';
import { isTaken, type Terms } from '../../../../../../src/domain/judge/metrics/metric.ts';
import type { OutcomeBucket } from '../../../../../../src/domain/judge/metrics/outcomes/outcome-buckets.ts';
import type { OutcomePolicy } from '../../../../../../src/domain/judge/metrics/outcomes/outcome-value.ts';
import { type OutcomeState, outcomes } from '../../../../../../src/domain/judge/metrics/outcomes/outcomes.ts';
import type { DesignEffects } from '../../../../../../src/domain/judge/reading/baseline-history.ts';
import { MINUTE_MS, NO_WARM_UP } from '../../a-rollout.ts';

const ASKED = {
  folder: 'azureml://datastores/workspaceblobstore/paths/outcomes/',
  collection: 'model_outputs',
  key: 'id',
  maturityBuckets: 20,
  requiredForPromotion: false,
} as const;

/** Shares of hits. */
export const RATE: OutcomePolicy = {
  ...ASKED,
  measure: { kind: 'hit', outcome: 'clicked' },
  margin: 0.01,
  promoteMargin: 0.05,
};
/** Means of values. */
export const MEAN: OutcomePolicy = {
  ...ASKED,
  measure: { kind: 'value', outcome: 'paid', range: [-1e15, 1e15] },
  margin: 0.1,
  promoteMargin: 0.5,
};

export function termsOf(
  settings: OutcomePolicy,
  designEffects: DesignEffects = NO_WARM_UP.designEffects,
): Terms<OutcomePolicy> {
  return { settings, prior: NO_WARM_UP.prior, designEffects };
}

export function hitsOf(sum: number, count: number): ValueSums {
  return { count, sum, squares: sum };
}

/** Values with this mean and a variance of 1. */
export function meanOf(mean: number, count: number): ValueSums {
  return { count, sum: count * mean, squares: Math.max(0, count - 1) + count * mean ** 2 };
}

export function outcomesAt(minute: number, green: ValueSums, blue: ValueSums): OutcomeBucket {
  return { startMs: minute * MINUTE_MS, green, blue };
}

export function repeatOutcomes(minutes: number, green: ValueSums, blue: ValueSums, from = 0): OutcomeBucket[] {
  return Array.from({ length: minutes }, (_, minute) => outcomesAt(from + minute, green, blue));
}

export function begin(history: ValueSums = NO_VALUES): OutcomeState {
  const begun = outcomes.start(history);
  if (!begun) throw new Error('Outcomes always begin.');
  return begun;
}

export function runOutcomes(
  buckets: readonly OutcomeBucket[],
  terms: Terms<OutcomePolicy>,
  state: OutcomeState = begin(),
): OutcomeState {
  return buckets.reduce((before, one) => (isTaken(before, one) ? before : outcomes.step(before, one, terms)), state);
}
