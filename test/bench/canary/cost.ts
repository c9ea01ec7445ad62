/** What one evaluation of the rule costs: time per look and size of its memory. */
import { decideRule } from '../../../src/domain/canary/rule/decide-rule.ts';
import { DEFAULT_RULE_OPTIONS } from '../../../src/domain/canary/rule/rule-options.ts';
import { startRule } from '../../../src/domain/canary/rule/rule-state.ts';
import { stepRule } from '../../../src/domain/canary/rule/step-rule.ts';
import { makeRollout } from './generator/rollout.ts';
import { scenario } from './generator/scenario.ts';

export interface Cost {
  readonly medianMs: number;
  /** Of the slowest look. */
  readonly mostMs: number;
  readonly largestBytes: number;
}

const REPEATS = 20;

/** All metrics, decision and sentence: of each look the median of some repeats, so that a busy machine does not count. */
export function measureCost(): Cost {
  const { history, buckets } = makeRollout(scenario({ name: 'cost', about: 'busy', n: 2000 }), 1);
  const times: number[][] = buckets.map(() => []);
  let largestBytes = 0;
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    let state = startRule({ traffic: history });
    for (const [look, bucket] of buckets.entries()) {
      const startedMs = performance.now();
      state = stepRule(state, bucket, DEFAULT_RULE_OPTIONS);
      decideRule(state, DEFAULT_RULE_OPTIONS);
      times[look]?.push(performance.now() - startedMs);
      largestBytes = Math.max(largestBytes, JSON.stringify(state).length);
    }
  }
  const perLook = times.map(median);
  return { medianMs: median(perLook), mostMs: Math.max(...perLook), largestBytes };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
