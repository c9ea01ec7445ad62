/** Puts a command into the inbox of the lane that a running rollout is in, and wakes the rollout. */
import type { EndpointName } from '../domain/ids/names.ts';
import { rolloutsIn } from '../domain/lane/lane.ts';
import type { PostedCommand } from '../domain/rollout/command.ts';
import type { InstanceView, OrchestrationControl } from '../ports/orchestration-control.ts';

export type SteerAnswer =
  | { readonly kind: 'posted' }
  | { readonly kind: 'unknown' | 'ended' | 'elsewhere'; readonly reason: string }
  /** It has only just begun, or ends just now: worth another try. */
  | { readonly kind: 'not-in-lane'; readonly reason: string };

/** A command id that the lane has seen changes nothing. With `endpoint`, only a rollout of that endpoint is steered. */
export async function steerRollout(
  control: OrchestrationControl,
  posted: PostedCommand,
  endpoint?: EndpointName,
): Promise<SteerAnswer> {
  const { rolloutId } = posted;
  const view = await control.view(rolloutId);
  if (view.status === 'absent') return { kind: 'unknown', reason: `There is no rollout ${rolloutId.slice(0, 200)}.` };
  if (view.status !== 'active') return { kind: 'ended', reason: `${rolloutId} has ended (${view.status}).` };
  const actual = endpointOf(view);
  if (endpoint && actual && actual !== endpoint) {
    return { kind: 'elsewhere', reason: `${rolloutId} is a rollout of endpoint ${actual}, not of ${endpoint}.` };
  }
  const lane = actual && (await control.readLane(actual));
  if (!actual || !lane || !rolloutsIn(lane).some(({ id }) => id === rolloutId)) {
    return { kind: 'not-in-lane', reason: `${rolloutId} has not entered its lane yet; try again.` };
  }
  await control.postCommand(actual, posted);
  await control.wake(rolloutId);
  return { kind: 'posted' };
}

function endpointOf(view: InstanceView): EndpointName | null {
  const status = view.customStatus;
  return typeof status === 'object' && status !== null && 'endpoint' in status
    ? (String(status.endpoint) as EndpointName)
    : null;
}
