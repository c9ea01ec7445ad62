/** `shadowing`, `watching` and `baking`: one look of the judge a tick, until it says where to go. */
import type { OrchestrationContext } from 'durable-functions';
import type { JudgedStretch } from '../../domain/judge/judged-stretch.ts';
import { outcomeOfLook } from '../../domain/rollout/look-outcome.ts';
import { hasMirrorInBake } from '../../domain/rollout/plan.ts';
import { type Progress, stay } from '../../domain/rollout/progress.ts';
import { FOREIGN_CHANGE_PAUSER } from '../../domain/rollout/ruling.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { call, nowIso, type Steps } from '../call.ts';
import { detectForeignChange, putBackIntended } from './shift-traffic.ts';

/** After a foreign change nothing is judged: what is live is not what was meant to be compared. */
export function* watch(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  if (state.paused?.by === FOREIGN_CHANGE_PAUSER) return stay(state.paused.reason, state.policy.timing.pollSeconds);
  if (state.foreignAccepted) return yield* putBackIntended(ctx, state);
  const foreign = yield* detectForeignChange(ctx, state);
  return foreign ?? (yield* look(ctx, state));
}

/** Judges what is live now; needs a blue to compare with and a split that was read back. */
export function* look(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const blue = state.snapshot?.blue;
  if (blue == null || state.trafficSinceIso === null) {
    throw new Error(`Rollout ${state.rolloutId} has nothing to judge in phase ${state.phase}.`);
  }
  const answer = yield* call(ctx, 'judgeTraffic', {
    endpoint: state.endpoint,
    rolloutId: state.rolloutId,
    look: state.looks,
    previousEvidence: state.evidence,
    green: state.green,
    blue,
    policy: state.policy.canary,
    stretch: stretchOf(state, Date.parse(state.trafficSinceIso)),
    shiftAccepted: state.shiftAccepted,
    nowMs: ctx.df.currentUtcDateTime.getTime(),
  });
  return outcomeOfLook(state, answer, nowIso(ctx));
}

function stretchOf(state: RolloutState, sinceMs: number): JudgedStretch {
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
