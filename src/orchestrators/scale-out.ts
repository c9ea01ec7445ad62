/**
 * Adds one instance to a deployment that a latency alert found too slow.
 *
 * 1. It holds the endpoint's lane while it writes, so that it never meets a rollout; when a rollout is there it steps back.
 * 2. The wanted number is fixed before the first write: a repeat asks for the same number.
 * 3. Whatever happens, the lane is given back and people are told.
 */

import type { OrchestrationContext } from 'durable-functions';
import { nextInstanceCount, type ScaleOutRequest } from '../domain/alerts/scale-out.ts';
import type { ScaleOutClaim } from '../domain/lane/lane.ts';
import { messageOf } from '../domain/message-of.ts';
import { call, callLane, nowIso, type Steps, waitForInbox } from './call.ts';

const POLL_SECONDS = 15;
/** Half an hour: adding an instance takes Azure ML some minutes. */
const MAX_POLLS = 120;

export function* scaleOut(ctx: OrchestrationContext): Steps<object> {
  const request = ctx.df.getInput<ScaleOutRequest>();
  const { scaleOutId, endpoint, deployment } = request;
  const claim: ScaleOutClaim = { kind: 'scale-out', id: scaleOutId, deployment };
  const answer = yield* callLane(ctx, endpoint, 'acquire', { claim, nowIso: nowIso(ctx) });
  const outcome = answer.kind === 'granted' ? yield* addInstance(ctx, request) : 'A rollout holds the endpoint now.';
  const left = yield* callLane(ctx, endpoint, 'leave', { id: scaleOutId });
  if (left.next) yield* call(ctx, 'wakeRollout', { rolloutId: left.next });
  yield* tell(ctx, request, outcome);
  return { scaleOutId, outcome };
}

/** Resolves with a sentence about what became of it. */
function* addInstance(ctx: OrchestrationContext, request: ScaleOutRequest): Steps<string> {
  const { deployment, maxInstanceCount } = request;
  try {
    const { exists, instanceCount } = yield* call(ctx, 'readCapacity', request);
    if (!exists) return `Deployment ${deployment} is not there any more.`;
    const wanted = nextInstanceCount(instanceCount, maxInstanceCount);
    if (wanted === null) return `${deployment} has ${instanceCount} instances, the most that the policy allows.`;
    return yield* reach(ctx, request, wanted);
  } catch (error) {
    return `${deployment} could not be scaled out: ${messageOf(error)}`;
  }
}

function* reach(ctx: OrchestrationContext, request: ScaleOutRequest, wanted: number): Steps<string> {
  const { endpoint, deployment } = request;
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const { settled, instanceCount } = yield* call(ctx, 'readCapacity', request);
    if (settled && instanceCount >= wanted)
      return `${deployment} has ${instanceCount} instances now, one more than before.`;
    if (settled) {
      const asked = yield* call(ctx, 'setCapacity', { endpoint, deployment, instanceCount: wanted });
      if (asked.kind === 'refused') return `Azure ML refused ${wanted} instances of ${deployment}: ${asked.reason}`;
    }
    yield* waitForInbox(ctx, POLL_SECONDS);
  }
  return `Azure ML did not bring ${deployment} to ${wanted} instances in time.`;
}

function* tell(ctx: OrchestrationContext, request: ScaleOutRequest, outcome: string): Steps<void> {
  const { scaleOutId, endpoint, deployment, reason } = request;
  yield* call(ctx, 'announce', {
    id: `${scaleOutId}.told`,
    type: 'Slipway.Alert.OperatorNeeded',
    subject: `endpoints/${endpoint}`,
    timeIso: nowIso(ctx),
    data: { endpoint, deployment, reason: `${reason} ${outcome}` },
  });
}
