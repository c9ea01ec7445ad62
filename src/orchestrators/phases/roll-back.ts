/**
 * `rolling-back`: the snapshot's traffic is put back and read back, then green is removed as the policy says.
 * It never gives up: what Azure refuses is told to a person and tried again.
 */
import type { OrchestrationContext } from 'durable-functions';
import { deletesGreen } from '../../domain/rollout/plan.ts';
import { callOperator, move, type Progress, stay } from '../../domain/rollout/progress.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { describeSplit } from '../../domain/rollout/traffic-split.ts';
import { call, type Steps, secondsSince } from '../call.ts';
import { remove } from './end-well.ts';

const REFUSED_WAIT_SECONDS = 60;

export function* rollBackTraffic(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const restored = yield* restore(ctx, state);
  if (restored) return restored;
  if (deletesGreen(state)) {
    const removed = yield* remove(ctx, state, state.green);
    if (removed) return removed;
  }
  const split =
    state.snapshot && state.trafficTouched
      ? `${state.endpoint} serves ${describeSplit(state.snapshot.split)} again`
      : `The traffic of ${state.endpoint} was never changed`;
  return move('rolled-back', `${split}. Cause: ${state.rollback?.reason ?? 'unknown'}`);
}

/**
 * Null once the snapshot's split is in place. Traffic that this rollout never wrote is left as it is; once it did, a
 * foreign change is overruled: the snapshot is what was safe.
 */
function* restore(ctx: OrchestrationContext, state: RolloutState): Steps<Progress | null> {
  if (state.snapshot === null || !state.trafficTouched) return null;
  const { pollSeconds, trafficTimeoutSeconds } = state.policy.timing;
  const wanted = state.snapshot.split;
  const written = yield* call(ctx, 'shiftTraffic', {
    endpoint: state.endpoint,
    wanted,
    expected: [],
    force: true,
    rewrite: !state.restoreWritten,
  });
  if (written.kind === 'in-place') return null;
  if (written.kind === 'refused') {
    const note = `The old split ${describeSplit(wanted)} cannot be put back: ${written.reason}`;
    return callOperator(note, REFUSED_WAIT_SECONDS);
  }
  const note = `Putting back ${describeSplit(wanted)}.`;
  const patch = { restoreWritten: state.restoreWritten || written.kind === 'submitted' };
  const late = secondsSince(ctx, state.phaseSinceIso) > trafficTimeoutSeconds;
  if (!late) return stay(note, pollSeconds, patch);
  return callOperator(`${note} It takes longer than ${trafficTimeoutSeconds} s.`, pollSeconds, patch);
}
