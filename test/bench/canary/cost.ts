/** What one evaluation of the rule costs: time per look and size of its memory. */
import { decideRule } from '../../../src/domain/canary/rule/decide-rule.ts';
import { DEFAULT_RULE_OPTIONS } from '../../../src/domain/canary/rule/rule-options.ts';
import { startRule } from '../../../src/domain/canary/rule/rule-state.ts';
import { stepRule } from '../../../src/domain/canary/rule/step-rule.ts';
import { makeRollout } from './generator/rollout.ts';
import { scenario } from './generator/scenario.ts';

const REPEATS = 20;

/** One paragraph of Markdown; the first rollout only warms the engine up. */
export function measureCost(): string {
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
  const at = (fraction: number) => (times[Math.floor(fraction * (times.length - 1))] ?? 0).toFixed(2);
  return `## Cost

One look (all metrics, decision and sentence): median ${at(0.5)} ms, p99 ${at(0.99)} ms. Memory: at most ${largest} bytes of JSON.`;
}
