/** What is done for a retraining whose orchestration is gone: its job is canceled or judged, its model is given back, and the audit says why. */
import type { RetrainingRecord } from '../audit/retraining-record.ts';
import type { RolloutPolicy } from '../policy/policy.ts';
import type { RetrainingPolicy } from '../policy/retraining-policy.ts';
import { jobFromTrail, knownFromTrail } from './known-from-trail.ts';
import { jobNameOfRetraining } from './names.ts';
import { hasEnded, newRetrainingState, type RetrainingState, type RetrainingTrigger } from './state.ts';

/** Audit numbers of the n-th recovery start at n times this, after any number that the lost orchestration can have used. */
const SEQUENCES_PER_RECOVERY = 1_000_000;

export interface LostRetraining {
  readonly retrainingId: string;
  readonly policy: RolloutPolicy & { readonly retrain: RetrainingPolicy };
  /** Its audit trail so far. */
  readonly trail: readonly RetrainingRecord[];
  readonly status: 'terminated' | 'failed' | 'completed' | 'absent';
  /** Who noticed. */
  readonly actor: string;
  /** 1 for the first recovery. */
  readonly count: number;
}

/** Whoever terminated it does not want its version; one that failed by itself still gets what it paid for, if its job has completed. */
export function retrainingRecoveryOf(lost: LostRetraining, nowIso: string): RetrainingState {
  const { retrainingId, policy, trail, status, actor, count } = lost;
  const last = trail.at(-1);
  const { endpoint, model, retrain } = policy;
  const reason = `The orchestration of ${retrainingId} is gone (${status}); it is ended for it.`;
  const trigger = { kind: kindOf(last), reference: last?.triggerReference ?? retrainingId, sentence: reason };
  const jobName = jobFromTrail(trail) ?? jobNameOfRetraining(retrainingId, model);
  const request = { retrainingId, endpoint, model, policy: retrain, trigger, ignoreCoolDown: false, jobName };
  const end = status === 'terminated' ? 'aborted' : 'job-failed';
  return {
    ...newRetrainingState(request, nowIso),
    phase: last && hasEnded(last.phase) ? last.phase : 'canceling',
    note: reason,
    auditSequence: count * SEQUENCES_PER_RECOVERY,
    ...knownFromTrail(trail),
    cancellation: { end, reason, actor, decidedAtIso: nowIso },
  };
}

function kindOf(last: RetrainingRecord | undefined): RetrainingTrigger['kind'] {
  // The audit log holds what a trigger was called.
  return (last?.trigger ?? 'http') as RetrainingTrigger['kind'];
}
