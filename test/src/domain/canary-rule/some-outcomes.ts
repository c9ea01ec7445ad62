/** Buckets of outcomes for tests of the rule: fixed sums, no randomness. */
import type { OutcomeOptions } from '../../../../src/domain/canary/rule/outcomes/outcome-options.ts';
import {
  NO_VALUES,
  type OutcomeBucket,
  type OutcomeState,
  startOutcomes,
  type ValueSums,
} from '../../../../src/domain/canary/rule/outcomes/outcome-state.ts';
import { stepOutcomes } from '../../../../src/domain/canary/rule/outcomes/step-outcomes.ts';
import type { RuleOptions } from '../../../../src/domain/canary/rule/rule-options.ts';
import { MINUTE_MS, NO_WARM_UP } from './a-rollout.ts';

export const RATE: OutcomeOptions = { kind: 'rate', margin: 0.01, promoteMargin: 0.05, requiredForPromotion: false };
export const MEAN: OutcomeOptions = { kind: 'mean', margin: 0.1, promoteMargin: 0.5, requiredForPromotion: false };

export function judging(outcomes: OutcomeOptions, more: Partial<RuleOptions> = {}): RuleOptions {
  return { ...NO_WARM_UP, outcomes, ...more };
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

export function runOutcomes(
  buckets: readonly OutcomeBucket[],
  options: RuleOptions,
  history: ValueSums = NO_VALUES,
): OutcomeState {
  return buckets.reduce((state, bucket) => stepOutcomes(state, bucket, options), startOutcomes(history));
}
