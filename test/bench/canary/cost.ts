/** What one evaluation of the rule costs: time per look and size of its memory. */
import { decideRule } from '../../../src/domain/canary/rule/decide-rule.ts';
import { DEFAULT_RULE_OPTIONS } from '../../../src/domain/canary/rule/rule-options.ts';
import { startRule } from '../../../src/domain/canary/rule/rule-state.ts';
import { stepRule } from '../../../src/domain/canary/rule/step-rule.ts';
import { makeRollout } from './generator/rollout.ts';
import { scenario } from './generator/scenario.ts';

export interface Cost {
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly largestBytes: number;
}

const REPEATS = 20;

/** All metrics, decision and sentence of one look; the first rollout only warms the engine up. */
export function measureCost(): Cost {
  const rollout = makeRollout(scenario({ name: 'cost', about: 'busy', n: 2000 }), 1);
  const times: number[] = [];
  let largest = 0;
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    let state = startRule({ traffic: rollout.history });
    for (const bucket of rollout.buckets) {
      const startedMs = performance.now();
      state = stepRule(state, bucket, DEFAULT_RULE_OPTIONS);
      decideRule(state, DEFAULT_RULE_OPTIONS);
      if (repeat > 0) times.push(performance.now() - startedMs);
      largest = Math.max(largest, JSON.stringify(state).length);
    }
  }
  times.sort((a, b) => a - b);
  const at = (fraction: number) => times[Math.floor(fraction * (times.length - 1))] ?? 0;
  return { medianMs: at(0.5), p99Ms: at(0.99), largestBytes: largest };
}
