/** Which stretch of constant traffic the judge looks at in a phase, and whether passing it means promotion. */
import type { JudgedStretch } from '../judge/judged-stretch.ts';
import { hasMirrorInBake } from './plan.ts';
import type { RolloutState } from './state.ts';

/** `sinceMs`: when the last traffic change was read back, epoch milliseconds. */
export function stretchOf(state: RolloutState, sinceMs: number): JudgedStretch {
  const { policy, stepIndex } = state;
  if (state.phase === 'baking') {
    const blueServed = hasMirrorInBake(state);
    return { phase: 'baking', sinceMs, dwellBuckets: policy.bake.dwellBuckets, lastStep: true, blueServed };
  }
  if (state.liveWeight === 0) {
    const dwellBuckets = policy.shadow?.dwellBuckets ?? 0;
    return { phase: 'shadowing', sinceMs, dwellBuckets, lastStep: policy.steps.length === 0, blueServed: true };
  }
  const dwellBuckets = policy.steps[stepIndex]?.dwellBuckets ?? 0;
  return { phase: 'watching', sinceMs, dwellBuckets, lastStep: stepIndex >= policy.steps.length - 1, blueServed: true };
}
