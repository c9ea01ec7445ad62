/**
 * `rolling-back`: the snapshot's traffic is put back and read back, then green is removed as the policy says.
 * It never gives up: what Azure refuses is told to a person and tried again.
 */
import type { OrchestrationContext } from 'durable-functions';
import { deletesGreen } from '../../domain/rollout/plan.ts';
import { callOperator, move, type Progress } from '../../domain/rollout/progress.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { describeSplit } from '../../domain/rollout/traffic-split.ts';
import { type Steps, secondsSince } from '../call.ts';
import { bringAbout } from './bring-about.ts';
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
  const wanted = state.snapshot.split;
  const note = `Putting back ${describeSplit(wanted)}.`;
  const told = (why: string) => callOperator(`${note} ${why}`, REFUSED_WAIT_SECONDS);
  const moved = yield* bringAbout(ctx, state, {
    wanted,
    expected: [],
    force: true,
    rewrite: !state.restoreWritten,
    written: { restoreWritten: true },
    whenRefused: (reason) => told(`Azure ML refuses it: ${reason}`),
    whenForeign: (actual) => told(`Somebody else keeps ${describeSplit(actual)}.`),
  });
  const { pollSeconds, trafficTimeoutSeconds } = state.policy.timing;
  if (moved?.kind !== 'stay') return moved;
  if (secondsSince(ctx, state.phaseSinceIso) <= trafficTimeoutSeconds) return { ...moved, note };
  return callOperator(`${note} It takes longer than ${trafficTimeoutSeconds} s.`, pollSeconds, moved.patch);
}
