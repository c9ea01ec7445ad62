/** `mirroring`, `shifting` and `promoting`: puts the phase's split in place and goes on once it is read back. */
import type { OrchestrationContext } from 'durable-functions';
import type { Phase } from '../../domain/rollout/phase.ts';
import { intendedSplit, ownSplits, weightOf } from '../../domain/rollout/plan.ts';
import { move, type Progress, rollBack, stay } from '../../domain/rollout/progress.ts';
import { FOREIGN_CHANGE_PAUSER } from '../../domain/rollout/ruling.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { describeSplit, sameSplit, type TrafficSplit } from '../../domain/rollout/traffic-split.ts';
import { call, nowIso, type Steps, secondsSince } from '../call.ts';

export function* shift(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const wanted = intendedSplit(state);
  if (wanted === null) throw new Error(`Rollout ${state.rolloutId} has no snapshot in phase ${state.phase}.`);
  const { trafficTimeoutSeconds, pollSeconds } = state.policy.timing;
  if (state.paused) return stay(`Paused by ${state.paused.by}: ${state.paused.reason}`, pollSeconds);
  if (secondsSince(ctx, state.phaseSinceIso) > trafficTimeoutSeconds) {
    return rollBack(
      'timed-out',
      `The split ${describeSplit(wanted)} was not in place within ${trafficTimeoutSeconds} s.`,
    );
  }
  const written = yield* call(ctx, 'shiftTraffic', {
    endpoint: state.endpoint,
    wanted,
    expected: ownSplits(state),
    force: state.foreignAccepted,
    rewrite: false,
  });
  switch (written.kind) {
    case 'in-place':
      return arrived(ctx, state, wanted);
    case 'submitted':
      return stay(`Waiting until ${describeSplit(wanted)} is in place.`, pollSeconds);
    case 'busy':
      return stay(`Azure ML is busy: ${written.reason}`, pollSeconds);
    case 'refused':
      return rollBack('endpoint-unusable', `Azure ML refused ${describeSplit(wanted)}: ${written.reason}`);
    case 'foreign-change':
      return pauseForForeignChange(ctx, state, written.actual);
  }
}

/** Compares the endpoint with what this rollout put there; a difference pauses the rollout and is told. */
export function* detectForeignChange(ctx: OrchestrationContext, state: RolloutState): Steps<Progress | null> {
  const intended = intendedSplit(state);
  if (intended === null || state.paused || state.foreignAccepted) return null;
  const read = yield* call(ctx, 'readTraffic', { endpoint: state.endpoint });
  if (!read.exists || !read.settled || sameSplit(read.split, intended)) return null;
  return pauseForForeignChange(ctx, state, read.split);
}

/** After an operator resumed: the rollout's own split is put back, and its stretch begins anew. */
export function* putBackIntended(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const wanted = intendedSplit(state) ?? { traffic: {}, mirror: {} };
  const written = yield* call(ctx, 'shiftTraffic', {
    endpoint: state.endpoint,
    wanted,
    expected: [],
    force: true,
    rewrite: false,
  });
  const { pollSeconds } = state.policy.timing;
  if (written.kind === 'in-place') {
    const patch = { foreignAccepted: false, trafficSinceIso: nowIso(ctx) };
    return stay(`${describeSplit(wanted)} is in place again.`, pollSeconds, patch);
  }
  if (written.kind === 'refused') {
    return rollBack('endpoint-unusable', `Azure ML refused ${describeSplit(wanted)}: ${written.reason}`);
  }
  return stay(`Putting back ${describeSplit(wanted)}.`, pollSeconds);
}

function pauseForForeignChange(ctx: OrchestrationContext, state: RolloutState, actual: TrafficSplit): Progress {
  const reason = `Somebody else changed the traffic of ${state.endpoint} to ${describeSplit(actual)}; resume to put this rollout's split back and go on, or abort.`;
  const paused = { by: FOREIGN_CHANGE_PAUSER, reason, sinceIso: nowIso(ctx) };
  return { kind: 'call-operator', note: reason, waitSeconds: state.policy.timing.pollSeconds, patch: { paused } };
}

function arrived(ctx: OrchestrationContext, state: RolloutState, split: TrafficSplit): Progress {
  const reason = `${describeSplit(split)} is in place.`;
  const liveWeight = split.traffic[state.green] ?? 0;
  return move(nextPhase(state), reason, { trafficSinceIso: nowIso(ctx), liveWeight, foreignAccepted: false });
}

function nextPhase(state: RolloutState): Phase {
  if (state.phase === 'mirroring') return 'shadowing';
  if (state.phase === 'shifting') return 'watching';
  if (weightOf(state.policy, state.stepIndex) !== 100)
    throw new Error(`Promotion at step ${state.stepIndex} is out of order.`);
  // Without blue there is nothing to compare green with and nothing to go back to: no bake.
  return state.snapshot?.blue == null ? 'retiring' : 'baking';
}
