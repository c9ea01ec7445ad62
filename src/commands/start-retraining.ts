/** Starts one retraining; the id comes from the occasion, so the same one never starts a second. */
import { RETRAINING_ORCHESTRATOR } from '../contracts/names.ts';
import type { RolloutPolicy } from '../domain/policy/policy.ts';
import { retrainingIdOf, trainingJobNameOf } from '../domain/retraining/names.ts';
import { newRetrainingState, type RetrainingTrigger } from '../domain/retraining/state.ts';
import type { OrchestrationControl } from '../ports/orchestration-control.ts';

export interface RetrainingWish {
  readonly policy: RolloutPolicy;
  readonly trigger: RetrainingTrigger;
  readonly nowMs: number;
  /** A person does not want to wait for the cool-down. */
  readonly ignoreCoolDown?: boolean;
}

export interface RetrainingStart {
  readonly retrainingId: string;
  readonly started: boolean;
}

const MAX_REFERENCE = 300;
const MAX_SENTENCE = 1000;

/** Null when the policy does not say how to retrain. */
export async function startRetraining(
  control: OrchestrationControl,
  { policy, trigger, nowMs, ignoreCoolDown = false }: RetrainingWish,
): Promise<RetrainingStart | null> {
  const { endpoint, model, retrain } = policy;
  if (retrain === null) return null;
  const key = { endpoint, model, trigger };
  const retrainingId = retrainingIdOf(key);
  const request = {
    retrainingId,
    endpoint,
    model,
    policy: retrain,
    trigger: {
      kind: trigger.kind,
      reference: trigger.reference.slice(0, MAX_REFERENCE),
      sentence: trigger.sentence.slice(0, MAX_SENTENCE),
    },
    ignoreCoolDown,
    jobName: trainingJobNameOf(key),
  };
  const state = newRetrainingState(request, new Date(nowMs).toISOString());
  return { retrainingId, started: await control.startOnce(RETRAINING_ORCHESTRATOR, retrainingId, state) };
}

/** One per minute and policy: a timer that fires twice means one occasion. */
export function scheduledTrigger(nowMs: number): RetrainingTrigger {
  const minute = new Date(nowMs).toISOString().slice(0, 16);
  return { kind: 'schedule', reference: minute, sentence: `The schedule was due at ${minute}Z.` };
}
