/**
 * Part of `retiring`: moves the model monitor to green, so that the next drift is seen where the traffic is. A monitor that
 * cannot be moved is a person's business; it never holds up or undoes a promotion.
 */

import type { OrchestrationContext } from 'durable-functions';
import type { ActivityOutput } from '../../contracts/activities.ts';
import { messageOf } from '../../domain/message-of.ts';
import type { MonitorPolicy } from '../../domain/policy/policy.ts';
import { callOperator, type Progress, stay } from '../../domain/rollout/progress.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { call, type Steps, secondsSince } from '../call.ts';

/** Null once it is settled, one way or the other, or when the policy names no monitor. */
export function* followWithMonitor(ctx: OrchestrationContext, state: RolloutState): Steps<Progress | null> {
  const { monitor } = state.policy;
  if (monitor === null || state.monitorMove) return null;
  const { pollSeconds, trafficTimeoutSeconds } = state.policy.timing;
  const moved = yield* move(ctx, state, monitor);
  if (moved.kind === 'in-place') {
    return stay(`Monitor ${monitor.schedule} watches ${state.green}.`, 1, { monitorMove: 'done' });
  }
  const why = moved.kind === 'submitted' ? 'it is not read back' : moved.reason;
  if (moved.kind === 'refused' || secondsSince(ctx, state.phaseSinceIso) > trafficTimeoutSeconds) {
    const note = `Monitor ${monitor.schedule} could not be moved to ${state.green}: ${why}. Version ${state.version} serves, but its drift is not seen: move the monitor by hand.`;
    return callOperator(note, 1, { monitorMove: 'failed' });
  }
  return stay(`Moving monitor ${monitor.schedule} to ${state.green}.`, pollSeconds);
}

function* move(
  ctx: OrchestrationContext,
  { endpoint, green, model, version }: RolloutState,
  monitor: MonitorPolicy,
): Steps<ActivityOutput<'moveMonitor'>> {
  try {
    return yield* call(ctx, 'moveMonitor', { endpoint, deployment: green, model, version, monitor });
  } catch (error) {
    return { kind: 'refused', reason: messageOf(error) };
  }
}
