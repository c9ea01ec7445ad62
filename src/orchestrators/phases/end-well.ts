/** `retiring`: lets the model monitor follow, then removes the deployments that no longer serve, as the policy says. Green serves everything by now. */
import type { OrchestrationContext } from 'durable-functions';
import { intendedSplit, ownSplits, retiredDeployments } from '../../domain/rollout/plan.ts';
import { callOperator, move, type Progress, stay } from '../../domain/rollout/progress.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { describeSplit } from '../../domain/rollout/traffic-split.ts';
import { call, type Steps } from '../call.ts';
import { bringAbout } from './bring-about.ts';
import { followWithMonitor } from './follow-with-monitor.ts';

const REFUSED_WAIT_SECONDS = 300;

export function* retire(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const mirrored = yield* endMirror(ctx, state);
  if (mirrored) return mirrored;
  const following = yield* followWithMonitor(ctx, state);
  if (following) return following;
  for (const deployment of retiredDeployments(state)) {
    const removed = yield* remove(ctx, state, deployment);
    if (removed) return removed;
  }
  return move('promoted', `Version ${state.version} of ${state.model} serves all traffic of ${state.endpoint}.`);
}

/** Null once blue gets no copies any more: Azure ML does not delete a deployment with mirrored traffic. */
function* endMirror(ctx: OrchestrationContext, state: RolloutState): Steps<Progress | null> {
  const wanted = intendedSplit(state);
  if (wanted === null) return null;
  const told = (note: string) => callOperator(note, REFUSED_WAIT_SECONDS);
  return yield* bringAbout(ctx, state, {
    wanted,
    expected: ownSplits(state),
    force: false,
    whenRefused: (reason) => told(`${describeSplit(wanted)} cannot be put in place: ${reason}`),
    whenForeign: (actual) =>
      told(`Somebody else changed the traffic to ${describeSplit(actual)}; blue is kept until it is put back.`),
  });
}

/** Null once the deployment is gone; otherwise what to do meanwhile. */
export function* remove(
  ctx: OrchestrationContext,
  state: RolloutState,
  deployment: RolloutState['green'],
): Steps<Progress | null> {
  const { pollSeconds } = state.policy.timing;
  const target = { endpoint: state.endpoint, deployment };
  const read = yield* call(ctx, 'readDeployment', target);
  if (read.state === 'absent') return null;
  if (read.state === 'deleting') return stay(`Azure ML deletes ${deployment}.`, pollSeconds);
  const deleted = yield* call(ctx, 'deleteDeployment', target);
  if (deleted.kind === 'busy') return stay(`Azure ML is busy: ${deleted.reason}`, pollSeconds);
  if (deleted.kind === 'started') return stay(`Azure ML deletes ${deployment}.`, pollSeconds);
  return callOperator(`${deployment} cannot be deleted: ${deleted.reason}`, REFUSED_WAIT_SECONDS);
}
