/** `mirroring`, `shifting` and `promoting`: puts the phase's split in place and goes on once it is read back. */
import type { OrchestrationContext } from 'durable-functions';
import { intendedSplit, ownSplits, phaseAfterShift } from '../../domain/rollout/plan.ts';
import { move, type Progress, rollBack, stay } from '../../domain/rollout/progress.ts';
import { type Pause, type RolloutState, SLIPWAY } from '../../domain/rollout/state.ts';
import { describeSplit, sameSplit, type TrafficSplit } from '../../domain/rollout/traffic-split.ts';
import { call, nowIso, type Steps, secondsSince } from '../call.ts';
import { bringAbout } from './bring-about.ts';

export function* shift(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const wanted = wantedSplit(state);
  const { trafficTimeoutSeconds, pollSeconds } = state.policy.timing;
  if (state.paused) return stay(`Paused by ${state.paused.by}: ${state.paused.reason}`, pollSeconds);
  if (secondsSince(ctx, state.phaseSinceIso) > trafficTimeoutSeconds) {
    return rollBack(
      'timed-out',
      `The split ${describeSplit(wanted)} was not in place within ${trafficTimeoutSeconds} s.`,
    );
  }
  const moved = yield* bringAbout(ctx, state, {
    wanted,
    expected: ownSplits(state),
    force: state.foreignAccepted,
    whenRefused: (reason) => refused(wanted, reason),
    whenForeign: (actual) => pauseForForeignChange(ctx, state, actual),
  });
  return moved ?? arrived(ctx, state, wanted);
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
  const wanted = wantedSplit(state);
  const moved = yield* bringAbout(ctx, state, {
    wanted,
    expected: [],
    force: true,
    whenRefused: (reason) => refused(wanted, reason),
    whenForeign: (actual) => pauseForForeignChange(ctx, state, actual),
  });
  const patch = { foreignAccepted: false, trafficSinceIso: nowIso(ctx) };
  return moved ?? stay(`${describeSplit(wanted)} is in place again.`, state.policy.timing.pollSeconds, patch);
}

/** Nothing is written in place of a split that nobody knows. */
function wantedSplit(state: RolloutState): TrafficSplit {
  const wanted = intendedSplit(state);
  if (wanted === null) throw new Error(`Rollout ${state.rolloutId} has no snapshot in phase ${state.phase}.`);
  return wanted;
}

function refused(wanted: TrafficSplit, reason: string): Progress {
  return rollBack('endpoint-unusable', `Azure ML refused ${describeSplit(wanted)}: ${reason}`);
}

function pauseForForeignChange(ctx: OrchestrationContext, state: RolloutState, actual: TrafficSplit): Progress {
  const reason = `Somebody else changed the traffic of ${state.endpoint} to ${describeSplit(actual)}; resume to put this rollout's split back and go on, or abort.`;
  const paused: Pause = { kind: 'foreign-change', by: SLIPWAY, reason, sinceIso: nowIso(ctx) };
  return { kind: 'call-operator', note: reason, waitSeconds: state.policy.timing.pollSeconds, patch: { paused } };
}

function arrived(ctx: OrchestrationContext, state: RolloutState, split: TrafficSplit): Progress {
  const reason = `${describeSplit(split)} is in place.`;
  const liveWeight = split.traffic[state.green] ?? 0;
  return move(phaseAfterShift(state), reason, { trafficSinceIso: nowIso(ctx), liveWeight, foreignAccepted: false });
}
