/** Starts the clean-up of a rollout that holds its lane though its orchestration is gone; while one runs, no second one is started. */
import { RECOVERY_ORCHESTRATOR } from '../contracts/names.ts';
import type { RolloutHolder } from '../domain/lane/lane.ts';
import { recoveryOf } from '../domain/lane/recovery.ts';
import type { Policies } from '../domain/policy/policies.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { InstanceView, OrchestrationControl } from '../ports/orchestration-control.ts';

export interface GoneRollout {
  readonly holder: RolloutHolder;
  /** What is left of its orchestration. */
  readonly view: InstanceView;
}

export type RolloutRecovery =
  | { readonly kind: 'started' | 'running'; readonly recoveryId: string }
  | { readonly kind: 'given-up'; readonly reason: string };

const MAX_RECOVERIES = 10;

/** Given up when no policy governs the holder's model on the holder's endpoint any more. */
export async function recoverRollout(
  { clock, policies }: { readonly clock: Clock; readonly policies: Policies },
  control: OrchestrationControl,
  { holder, view }: GoneRollout,
): Promise<RolloutRecovery> {
  const { id, endpoint, model } = holder;
  const policy = policies.governing(endpoint, model);
  if (policy === null) {
    const reason =
      `${id} holds its lane but is ${view.status}, and no policy governs ${model} on ${endpoint} any more: ` +
      `restore its policy ${holder.policy} so that it can be cleaned up.`;
    return { kind: 'given-up', reason };
  }
  const lost = { holder, policy, lastPhase: phaseOf(view), why: view.status };
  return startRecovery(control, id, recoveryOf(lost, new Date(clock.nowMs()).toISOString()));
}

/** A recovery that was itself lost is followed by another one, up to MAX_RECOVERIES. */
async function startRecovery(
  control: OrchestrationControl,
  rolloutId: string,
  state: RolloutState,
): Promise<RolloutRecovery> {
  for (let count = 1; count <= MAX_RECOVERIES; count += 1) {
    const recoveryId = `recover.${rolloutId}.${count}`;
    const { status } = await control.view(recoveryId);
    if (status === 'active') return { kind: 'running', recoveryId };
    if (status !== 'absent') continue;
    const started = await control.startOnce(RECOVERY_ORCHESTRATOR, recoveryId, state);
    return { kind: started ? 'started' : 'running', recoveryId };
  }
  const reason = `${MAX_RECOVERIES} recoveries of ${rolloutId} ended without releasing its lane: release it by hand.`;
  return { kind: 'given-up', reason };
}

function phaseOf({ customStatus }: InstanceView): string | null {
  return typeof customStatus === 'object' && customStatus !== null && 'phase' in customStatus
    ? String(customStatus.phase)
    : null;
}
