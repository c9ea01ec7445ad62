/** The product's own rule on a synthetic rollout. */
import { decide } from '../../../../src/domain/judge/decide.ts';
import type { JudgeOptions } from '../../../../src/domain/judge/judge-options.ts';
import { startMemory } from '../../../../src/domain/judge/judge-state.ts';
import { measureDesignEffects } from '../../../../src/domain/judge/reading/baseline-history.ts';
import { stepTraffic } from '../../../../src/domain/judge/step-traffic.ts';
import { DEFAULT_OPTIONS } from '../default-options.ts';
import type { Rollout } from '../generator/rollout.ts';

export interface SlipwayOutcome {
  /** First look that rolls back, -1 for none: at alpha 0.05 and at 0.01. */
  readonly rollback: number;
  readonly strict: number;
  /** First look that promotes while nothing was rolled back. */
  readonly promote: number;
  readonly phi: { readonly errors: number; readonly latency: number };
}

export function judgeBySlipway(rollout: Rollout): SlipwayOutcome {
  const measured = measureDesignEffects(rollout.replicas) ?? { errors: 1, latency: 1 };
  const options: JudgeOptions = {
    ...DEFAULT_OPTIONS,
    warmUpBuckets: rollout.scenario.warmUpBuckets,
    designEffects: { ...measured, source: 'measured' },
  };
  let memory = startMemory(rollout.history);
  let rollback = -1;
  let strict = -1;
  let promote = -1;
  for (const [look, bucket] of rollout.buckets.entries()) {
    memory = stepTraffic(memory, bucket, options);
    const { kind, evidence } = decide(memory, options, situationOf(memory.traffic.buckets));
    if (rollback < 0 && kind === 'rollback') rollback = look;
    if (strict < 0 && evidence.log >= Math.log(100)) strict = look;
    if (rollback < 0 && promote < 0 && kind === 'promote') promote = look;
    if (strict >= 0) break;
  }
  return { rollback, strict, promote, phi: measured };
}

function situationOf(judgedBuckets: number) {
  return { lastStep: true, dwellOver: true, judgedBuckets };
}
