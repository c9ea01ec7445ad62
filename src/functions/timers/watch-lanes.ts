/**
 * The watchdog of lanes.
 *
 * 1. A rollout that holds its lane but no longer runs is cleaned up.
 * 2. A lost scale-out gives its lane back: it leaves nothing to clean up.
 * 3. A rollout that waits but no longer runs leaves the queue.
 */
import { recoverRollout } from '../../commands/recover-rollout.ts';
import type { EndpointName } from '../../domain/ids/names.ts';
import type { LaneState } from '../../domain/lane/lane.ts';
import type { Policies } from '../../domain/policy/policies.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';

type Log = (message: string) => void;

/** A holder that has just been granted the lane may not be visible yet. */
const GRACE_MS = 10_000;

/** Resolves with the ids of the recoveries it started. */
export function createWatchLanes(clock: Clock, policies: Policies) {
  return async (control: OrchestrationControl, warn: Log): Promise<readonly string[]> => {
    const started: string[] = [];
    for (const endpoint of policies.endpoints()) {
      const lane = await control.readLane(endpoint);
      if (lane === null) continue;
      await pruneQueue(control, endpoint, lane);
      const recovery = await releaseIfGone({ clock, policies }, control, endpoint, lane);
      if (recovery?.kind === 'given-up') warn(recovery.reason);
      if (recovery?.kind === 'started') started.push(recovery.recoveryId);
    }
    return started;
  };
}

/** Null when nothing had to be recovered. */
async function releaseIfGone(
  ports: { readonly clock: Clock; readonly policies: Policies },
  control: OrchestrationControl,
  endpoint: EndpointName,
  { holder }: LaneState,
) {
  if (holder === null || ports.clock.nowMs() - Date.parse(holder.lastSeenIso) < GRACE_MS) return null;
  const view = await control.view(holder.id);
  if (view.status === 'active') return null;
  if (holder.kind === 'rollout') return recoverRollout(ports, control, { holder, view });
  await control.leaveLane(endpoint, holder.id);
  return null;
}

async function pruneQueue(control: OrchestrationControl, endpoint: EndpointName, lane: LaneState): Promise<void> {
  for (const { id } of lane.waiting) {
    const { status } = await control.view(id);
    if (status !== 'active') await control.leaveLane(endpoint, id);
  }
}
