/** Buckets for tests of the rule: fixed counts, no randomness. */
import { DEFAULT_RULE_OPTIONS, type RuleOptions } from '../../../../src/domain/canary/rule/rule-options.ts';
import { type RuleHistory, type RuleState, startRule } from '../../../../src/domain/canary/rule/rule-state.ts';
import { stepRule } from '../../../../src/domain/canary/rule/step-rule.ts';
import type { ArmCounts, TrafficBucket } from '../../../../src/domain/canary/traffic-buckets.ts';

export const MINUTE_MS = 60_000;
export const NO_WARM_UP: RuleOptions = { ...DEFAULT_RULE_OPTIONS, warmUpBuckets: 0 };

/** A latency shape around bin `middle`: `requests` in nine bins with a thin tail. */
export function shapeOf(requests: number, middle = 44): Record<string, number> {
  const weights = [0.05, 0.1, 0.2, 0.3, 0.2, 0.1, 0.03, 0.015, 0.005];
  const latency: Record<string, number> = {};
  let left = requests;
  for (const [index, weight] of weights.entries()) {
    const count = index === 3 ? 0 : Math.min(left, Math.round(requests * weight));
    if (count > 0) latency[middle - 3 + index] = count;
    left -= count;
  }
  if (left > 0) latency[middle] = left;
  return latency;
}

export function arm(requests: number, errors: number, middle = 44): ArmCounts {
  return { requests, errors, latency: shapeOf(requests, middle) };
}

export const HISTORY = { traffic: arm(12_000, 60) };

export function bucket(minute: number, green: ArmCounts, blue: ArmCounts): TrafficBucket {
  return { startMs: minute * MINUTE_MS, green, blue };
}

export function run(
  buckets: readonly TrafficBucket[],
  options: RuleOptions = NO_WARM_UP,
  history: RuleHistory = HISTORY,
): RuleState {
  return buckets.reduce((state, one) => stepRule(state, one, options), startRule(history));
}

export function repeat(minutes: number, green: ArmCounts, blue: ArmCounts): TrafficBucket[] {
  return Array.from({ length: minutes }, (_, minute) => bucket(minute, green, blue));
}
