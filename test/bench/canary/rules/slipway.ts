/** The product's own rule on a synthetic rollout. */
import { combineAssurance, combineEvidence } from '../../../../src/domain/canary/rule/combined-evidence.ts';
import { decideKind } from '../../../../src/domain/canary/rule/decide-rule.ts';
import { measureDesignEffects } from '../../../../src/domain/canary/rule/design-effect.ts';
import { DEFAULT_RULE_OPTIONS, type RuleOptions } from '../../../../src/domain/canary/rule/rule-options.ts';
import { startRule } from '../../../../src/domain/canary/rule/rule-state.ts';
import { stepRule } from '../../../../src/domain/canary/rule/step-rule.ts';
import type { Rollout } from '../generator/rollout.ts';

export interface SlipwayOutcome {
  /** First look that rolls back, -1 for none: at alpha 0.05 and at 0.01. */
  readonly rollback: number;
  readonly strict: number;
  /** First look that promotes while nothing was rolled back. */
  readonly promote: number;
  readonly phi: { readonly errors: number; readonly latency: number };
  /** First look of rollback by each part of the evidence alone at ln(1/alpha), for tuning. */
  readonly logEvidence: number;
}

export function judgeBySlipway(rollout: Rollout): SlipwayOutcome {
  const measured = measureDesignEffects(rollout.replicas) ?? { errors: 1, latency: 1 };
  const options: RuleOptions = {
    ...DEFAULT_RULE_OPTIONS,
    warmUpBuckets: rollout.scenario.warmUpBuckets,
    designEffects: { ...measured, source: 'measured' },
  };
  let state = startRule({ traffic: rollout.history });
  let rollback = -1;
  let strict = -1;
  let promote = -1;
  for (const [look, bucket] of rollout.buckets.entries()) {
    state = stepRule(state, bucket, options);
    const kind = decideKind(state, options);
    const { log } = combineEvidence(state, options);
    if (rollback < 0 && kind === 'rollback') rollback = look;
    if (strict < 0 && log >= Math.log(100)) strict = look;
    if (rollback < 0 && promote < 0 && kind === 'promote') promote = look;
    if (strict >= 0) break;
  }
  return { rollback, strict, promote, phi: measured, logEvidence: combineAssurance(state, options) };
}
