/** Starts the clean-up of a retraining whose orchestration is gone; while one runs, no second one is started. */
import { RETRAINING_ORCHESTRATOR } from '../contracts/names.ts';
import type { RolloutPolicy } from '../domain/policy/policy.ts';
import { retrainingRecoveryOf } from '../domain/retraining/recovery.ts';
import type { Clock } from '../ports/clock.ts';
import type { InstanceStatus, OrchestrationControl } from '../ports/orchestration-control.ts';
import type { AuditLog } from '../ports/records.ts';

export interface RecoverPorts {
  readonly audit: Pick<AuditLog, 'listRetraining'>;
  readonly clock: Clock;
}

export interface GoneRetraining {
  readonly retrainingId: string;
  readonly status: Exclude<InstanceStatus, 'active'>;
  readonly policy: RolloutPolicy;
  /** Who noticed. */
  readonly actor: string;
}

export type RecoveryStart =
  | { readonly kind: 'started' | 'running'; readonly recoveryId: string }
  | { readonly kind: 'given-up'; readonly reason: string };

const MAX_RECOVERIES = 10;

/** A recovery that was itself lost is followed by another one, up to MAX_RECOVERIES. */
export async function recoverRetraining(
  { audit, clock }: RecoverPorts,
  control: OrchestrationControl,
  { policy, ...gone }: GoneRetraining,
): Promise<RecoveryStart> {
  const { retrainingId } = gone;
  const { retrain } = policy;
  if (retrain === null) return { kind: 'given-up', reason: `The policy ${policy.name} does not retrain any more.` };
  for (let count = 1; count <= MAX_RECOVERIES; count += 1) {
    const recoveryId = `recover.${retrainingId}.${count}`;
    const { status } = await control.view(recoveryId);
    if (status === 'active') return { kind: 'running', recoveryId };
    if (status !== 'absent') continue;
    const trail = await audit.listRetraining(retrainingId);
    const lost = { ...gone, policy: { ...policy, retrain }, trail, count };
    const state = retrainingRecoveryOf(lost, new Date(clock.nowMs()).toISOString());
    const started = await control.startOnce(RETRAINING_ORCHESTRATOR, recoveryId, state);
    return { kind: started ? 'started' : 'running', recoveryId };
  }
  const reason = `${MAX_RECOVERIES} recoveries of ${retrainingId} ended without giving its model back: look at its job by hand.`;
  return { kind: 'given-up', reason };
}
