/** The watchdog: a lane whose holder no longer runs is cleaned up, or just given back where nothing was begun; a waiting rollout that is gone leaves the queue. */
import { RECOVERY_ORCHESTRATOR } from '../contracts/names.ts';
import type { EndpointName } from '../domain/ids/names.ts';
import type { LaneState } from '../domain/lane/lane.ts';
import { recoveryOf } from '../domain/lane/recovery.ts';
import type { Policies } from '../domain/policy/policies.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { InstanceView, OrchestrationControl } from '../ports/orchestration-control.ts';

type Log = (message: string) => void;

/** A holder that has just been granted the lane may not be visible yet. */
const GRACE_MS = 10_000;
const MAX_RECOVERIES = 10;

/** Resolves with the ids of the recoveries it started. */
export function createWatchLanes(clock: Clock, policies: Policies) {
  return async (control: OrchestrationControl, warn: Log): Promise<readonly string[]> => {
    const started: string[] = [];
    for (const endpoint of policies.endpoints()) {
      const lane = await control.readLane(endpoint);
      if (lane === null) continue;
      await pruneQueue(control, endpoint, lane);
      const recovery = await recoverHolder(control, endpoint, lane, policies, clock.nowMs(), warn);
      if (recovery) started.push(recovery);
    }
    return started;
  };
}

async function recoverHolder(
  control: OrchestrationControl,
  endpoint: EndpointName,
  lane: LaneState,
  policies: Policies,
  nowMs: number,
  warn: Log,
): Promise<string | null> {
  const { holder } = lane;
  if (holder === null || nowMs - Date.parse(holder.lastSeenIso) < GRACE_MS) return null;
  const view = await control.view(holder.id);
  if (view.status === 'active') return null;
  if (holder.kind === 'scale-out') {
    await control.leaveLane(endpoint, holder.id);
    return null;
  }
  const policy = policies.governing(holder.endpoint, holder.model);
  if (!policy) {
    warn(
      `${holder.id} holds its lane but is ${view.status}, and no policy governs ${holder.model} on ${holder.endpoint} ` +
        `any more: restore its policy ${holder.policy} so that it can be cleaned up.`,
    );
    return null;
  }
  const lost = { holder, policy, lastPhase: phaseOf(view), why: view.status };
  return startRecovery(control, holder.id, recoveryOf(lost, new Date(nowMs).toISOString()), warn);
}

/** A recovery that was itself lost is followed by another one, up to MAX_RECOVERIES. */
async function startRecovery(
  control: OrchestrationControl,
  rolloutId: string,
  state: RolloutState,
  warn: Log,
): Promise<string | null> {
  for (let count = 1; count <= MAX_RECOVERIES; count += 1) {
    const recoveryId = `recover.${rolloutId}.${count}`;
    const { status } = await control.view(recoveryId);
    if (status === 'active') return null;
    if (status === 'absent')
      return (await control.startOnce(RECOVERY_ORCHESTRATOR, recoveryId, state)) ? recoveryId : null;
  }
  warn(`${MAX_RECOVERIES} recoveries of ${rolloutId} ended without releasing its lane: release it by hand.`);
  return null;
}

async function pruneQueue(control: OrchestrationControl, endpoint: EndpointName, lane: LaneState): Promise<void> {
  for (const { id } of lane.waiting) {
    const { status } = await control.view(id);
    if (status !== 'active') await control.leaveLane(endpoint, id);
  }
}

function phaseOf(view: InstanceView): string | null {
  const status = view.customStatus;
  return typeof status === 'object' && status !== null && 'phase' in status ? String(status.phase) : null;
}
