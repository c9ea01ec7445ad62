/**
 * One rollout from request to outcome.
 *
 * 1. Each tick reads the inbox first, then does one tick's work of the present phase; only the phase table says what may follow.
 * 2. Everything it knows is in its state; after TICKS_PER_EXECUTION ticks it goes on as new with that state as input.
 * 3. A phase change is recorded before the next phase does anything.
 * 4. Once traffic may have moved there are two ends only: promoted, or the snapshot's traffic read back.
 */
import type { OrchestrationContext } from 'durable-functions';
import { afterFailure } from '../domain/rollout/after-failure.ts';
import { canRollBack, isFinal, type Phase, standsStillWhilePaused } from '../domain/rollout/phase.ts';
import { moveState, type Progress, rollBack, stay } from '../domain/rollout/progress.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import { statusOf } from '../domain/rollout/status.ts';
import { nowIso, type Steps, secondsSince, waitForInbox } from './call.ts';
import { finish } from './finish.ts';
import { obeyInbox } from './inbox.ts';
import { awaitApproval } from './phases/await-approval.ts';
import { retire } from './phases/end-well.ts';
import { prepare, queue } from './phases/enter-lane.ts';
import { watch } from './phases/judge-traffic.ts';
import { deploy, smokeTest } from './phases/make-green.ts';
import { rollBackTraffic } from './phases/roll-back.ts';
import { shift } from './phases/shift-traffic.ts';
import { record } from './record.ts';

const TICKS_PER_EXECUTION = 50;

type PhaseWork = (ctx: OrchestrationContext, state: RolloutState) => Steps<Progress>;

const WORK: Readonly<Partial<Record<Phase, PhaseWork>>> = {
  queued: queue,
  preparing: prepare,
  deploying: deploy,
  'smoke-testing': smokeTest,
  mirroring: shift,
  shadowing: watch,
  'awaiting-approval': awaitApproval,
  shifting: shift,
  watching: watch,
  promoting: shift,
  baking: watch,
  retiring: retire,
  'rolling-back': rollBackTraffic,
};

export function* rollout(ctx: OrchestrationContext): Steps<object | undefined> {
  return yield* runRollout(ctx, ctx.df.getInput<RolloutState>());
}

/** Runs from any state; resolves to the outcome, or to nothing when it goes on as new. */
export function* runRollout(ctx: OrchestrationContext, start: RolloutState): Steps<object | undefined> {
  let state = start;
  ctx.df.setCustomStatus(statusOf(state));
  while (!isFinal(state.phase)) {
    if (state.ticks >= TICKS_PER_EXECUTION) {
      ctx.df.continueAsNew({ ...state, ticks: 0 });
      return undefined;
    }
    state = yield* tick(ctx, state);
  }
  yield* finish(ctx, state);
  ctx.df.setCustomStatus(statusOf(state));
  return { rolloutId: state.rolloutId, outcome: state.phase, reason: state.note };
}

function* tick(ctx: OrchestrationContext, start: RolloutState): Steps<RolloutState> {
  let state = yield* obeyInbox(ctx, { ...start, ticks: start.ticks + 1 });
  if (isFinal(state.phase)) return state;
  const progress = yield* workOf(ctx, state);
  const kept: RolloutState = { ...state, failedTicks: progress.failed ? state.failedTicks + 1 : 0 };
  state = yield* apply(ctx, kept, progress.result);
  ctx.df.setCustomStatus(statusOf(state));
  if (progress.result.kind !== 'move') yield* waitForInbox(ctx, progress.result.waitSeconds);
  return state;
}

/** The phase's own work, bounded by the rollout's life time; what an activity could not do counts as a failed tick. */
function* workOf(ctx: OrchestrationContext, state: RolloutState): Steps<{ result: Progress; failed: boolean }> {
  const { rolloutTimeoutSeconds } = state.policy.timing;
  if (canRollBack(state.phase) && secondsSince(ctx, state.requestedAtIso) > rolloutTimeoutSeconds) {
    const reason = `The rollout did not end within ${rolloutTimeoutSeconds} s; it was ${state.phase}.`;
    return { result: rollBack('timed-out', reason), failed: false };
  }
  const work = WORK[state.phase];
  if (!work) throw new Error(`Phase ${state.phase} of rollout ${state.rolloutId} has no work.`);
  if (state.paused && standsStillWhilePaused(state.phase)) {
    const note = `Paused by ${state.paused.by}: ${state.paused.reason}`;
    return { result: stay(note, state.policy.timing.pollSeconds), failed: false };
  }
  try {
    return { result: yield* work(ctx, state), failed: false };
  } catch (error) {
    return { result: afterFailure(state, error), failed: true };
  }
}

function* apply(ctx: OrchestrationContext, state: RolloutState, progress: Progress): Steps<RolloutState> {
  if (progress.kind === 'move') {
    const { to, reason, patch = {} } = progress;
    const moved = moveState(state, to, reason, patch, nowIso(ctx));
    return yield* record(ctx, moved, {
      kind: 'phase-changed',
      from: state.phase,
      reason,
      actor: actorOf(state, moved),
      decision: progress.decision ?? null,
    });
  }
  const stayed: RolloutState = { ...state, ...progress.patch, note: progress.note };
  const standsStill = state.paused === null && stayed.paused !== null;
  if (progress.kind === 'stay' || (state.alerted !== null && !standsStill)) return stayed;
  const called = { ...stayed, alerted: progress.note };
  return yield* record(ctx, called, {
    kind: 'operator-needed',
    reason: progress.note,
    actor: 'slipway',
    decision: progress.decision ?? null,
  });
}

function actorOf(before: RolloutState, after: RolloutState): string {
  return after.phase === 'rolling-back' && before.phase !== 'rolling-back'
    ? (after.rollback?.actor ?? 'policy')
    : 'policy';
}
