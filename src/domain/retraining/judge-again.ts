/** A second judgement of a job that was paid for and completed, but whose metrics could not be read in time. */
import type { RetrainingRecord } from '../audit/retraining-record.ts';
import type { RolloutPolicy } from '../policy/policy.ts';
import type { RetrainingPolicy } from '../policy/retraining-policy.ts';
import { jobFromTrail, knownFromTrail } from './known-from-trail.ts';
import { retrainingIdOf } from './names.ts';
import { newRetrainingState, type RetrainingState } from './state.ts';

export interface UnjudgedRetraining {
  readonly retrainingId: string;
  readonly policy: RolloutPolicy & { readonly retrain: RetrainingPolicy };
  readonly trail: readonly RetrainingRecord[];
  /** Why, and who says so. */
  readonly sentence: string;
}

/** Null where there is nothing to judge again. Asking twice about the same retraining is one occasion. */
export function judgeAgainOf(unjudged: UnjudgedRetraining, nowIso: string): RetrainingState | null {
  const { retrainingId, policy, trail, sentence } = unjudged;
  const { endpoint, model, retrain } = policy;
  const jobName = jobFromTrail(trail);
  if (trail.at(-1)?.phase !== 'metrics-unreadable' || jobName === null) return null;
  const trigger = { kind: 'http', reference: `judge ${retrainingId}`, sentence } as const;
  const id = retrainingIdOf({ endpoint, model, trigger });
  const request = { retrainingId: id, endpoint, model, policy: retrain, trigger, ignoreCoolDown: true, jobName };
  return { ...newRetrainingState(request, nowIso), ...knownFromTrail(trail), judgesAgain: true };
}
