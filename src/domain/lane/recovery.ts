/** Builds the rollback of a rollout whose orchestration is gone, from what its lane still knows. */
import type { DeploymentName, EndpointName, ModelName, ModelVersion, RolloutId } from '../ids/names.ts';
import type { RolloutPolicy } from '../policy/policy.ts';
import { newRolloutState, type RolloutState } from '../rollout/state.ts';
import type { LaneHolder } from './lane.ts';

/** Audit numbers of a recovery start here, after any number that the lost orchestration can have used. */
export const FIRST_RECOVERY_SEQUENCE = 1_000_000;

/** Phases after which green serves everything: there is nothing to put back. */
const BEYOND_RETURN = ['retiring', 'promoted'];

/** The last phase that the lost rollout reported decides: past the bake there is nothing to put back. */
export function recoveryOf(
  holder: LaneHolder,
  policy: RolloutPolicy,
  lastPhase: string | null,
  why: string,
  nowIso: string,
): RolloutState {
  const fresh = newRolloutState(
    {
      rolloutId: holder.rolloutId as RolloutId,
      endpoint: policy.endpoint as EndpointName,
      model: holder.model as ModelName,
      version: holder.version as ModelVersion,
      attempt: 1,
      cause: { kind: 'retry', reference: 'watchdog' },
      policy,
      green: holder.green as DeploymentName,
    },
    nowIso,
  );
  const beyond = lastPhase !== null && BEYOND_RETURN.includes(lastPhase);
  const reason = `The orchestration of ${holder.rolloutId} is gone (${why}); ${
    beyond ? 'green serves everything, so its last clean-up is done for it' : 'its rollback is done for it'
  }.`;
  return {
    ...fresh,
    versionCreatedAtIso: holder.versionCreatedAtIso,
    auditSequence: FIRST_RECOVERY_SEQUENCE,
    phase: beyond ? 'retiring' : 'rolling-back',
    note: reason,
    snapshot: holder.snapshot,
    greenRequested: !beyond,
    trafficTouched: true,
    rollback: beyond ? null : { code: 'orchestration-lost', reason, actor: 'watchdog' },
  };
}
