/** `queued` and `preparing`: is the version worth it, is it our turn, and what does the endpoint look like? */
import type { OrchestrationContext } from 'durable-functions';
import type { RolloutClaim } from '../../domain/lane/lane.ts';
import { move, type Progress, stay } from '../../domain/rollout/progress.ts';
import type { EndpointSnapshot, RolloutState } from '../../domain/rollout/state.ts';
import { describeSplit, sameSplit } from '../../domain/rollout/traffic-split.ts';
import { call, callLane, nowIso, type Steps } from '../call.ts';

/** A waiting rollout is woken when the lane is free; the slow look is for a wake-up that was lost. */
const LANE_LOOKS_PER_POLL = 3;
const AGREEMENT_SECONDS = 3;
/** Durable timers may fire up to a second early. */
const MIN_APART_MS = (AGREEMENT_SECONDS - 1) * 1000;

export function* queue(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const assessed = yield* assess(ctx, state);
  if (assessed.kind === 'ignored') return move('ignored', assessed.reason);
  const patch = { versionCreatedAtIso: assessed.createdAtIso };
  const claim = claimOf(state, assessed.createdAtIso);
  const answer = yield* callLane(ctx, state.endpoint, 'acquire', { claim, nowIso: nowIso(ctx) });
  const waitSeconds = state.policy.timing.pollSeconds * LANE_LOOKS_PER_POLL;
  switch (answer.kind) {
    case 'granted':
      return move('preparing', `Endpoint ${state.endpoint} is free for this rollout.`, patch);
    case 'superseded':
      return move('superseded', `A newer version is waiting for ${state.endpoint} (${answer.by}).`, patch);
    case 'full':
      return stay(`The queue of ${state.endpoint} is full; trying again.`, waitSeconds, patch);
    case 'waiting': {
      if (answer.wake) yield* call(ctx, 'wakeRollout', { rolloutId: answer.wake });
      const note = answer.holder
        ? `${answer.holder} holds ${state.endpoint}; ${answer.position} rollouts are ahead.`
        : `${answer.position} rollouts are ahead.`;
      return stay(note, waitSeconds, patch);
    }
  }
}

/** The version is assessed again: while it waited, a newer one may have gone live. */
export function* prepare(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const assessed = yield* call(ctx, 'assessVersion', keyOf(state));
  if (assessed.kind === 'ignored') return move('ignored', assessed.reason);
  const taken = yield* call(ctx, 'takeSnapshot', { endpoint: state.endpoint, green: state.green });
  if (taken.kind === 'unsettled') return stay(taken.reason, state.policy.timing.pollSeconds);
  if (taken.kind === 'unusable')
    return move('ignored', `${taken.reason} Nothing was changed; retry when the endpoint is usable.`);
  const { snapshot } = taken;
  if (!isSeenTwice(state.sighting, snapshot)) {
    const note = `${state.endpoint} shows ${describeSplit(snapshot.split)}; reading it once more.`;
    return stay(note, AGREEMENT_SECONDS, { sighting: snapshot });
  }
  yield* callLane(ctx, state.endpoint, 'recordSnapshot', { rolloutId: state.rolloutId, snapshot });
  if (snapshot.blue === state.green) return move('ignored', `${state.green} serves ${state.endpoint} already.`);
  return move(
    'deploying',
    `${state.endpoint} serves ${describeSplit(snapshot.split)}; creating ${state.green} at 0 %.`,
    {
      snapshot,
    },
  );
}

/** Two reads some seconds apart must agree: right after somebody's change a single read may still show the old traffic. */
function isSeenTwice(first: EndpointSnapshot | null, second: EndpointSnapshot): boolean {
  if (first === null || first.blueModelVersion !== second.blueModelVersion) return false;
  const apartMs = Date.parse(second.takenAtIso) - Date.parse(first.takenAtIso);
  return apartMs >= MIN_APART_MS && sameSplit(first.split, second.split);
}

function* assess(ctx: OrchestrationContext, state: RolloutState) {
  if (state.versionCreatedAtIso !== null) return { kind: 'eligible' as const, createdAtIso: state.versionCreatedAtIso };
  return yield* call(ctx, 'assessVersion', keyOf(state));
}

function claimOf(state: RolloutState, versionCreatedAtIso: string): RolloutClaim {
  const { rolloutId: id, endpoint, policy, model, version, green } = state;
  const { name, whenBusy } = policy;
  return { kind: 'rollout', id, endpoint, policy: name, model, version, green, versionCreatedAtIso, whenBusy };
}

function keyOf({ endpoint, model, version, rolloutId, attempt }: RolloutState) {
  return { endpoint, model, version, rolloutId, attempt };
}
