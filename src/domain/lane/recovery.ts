/** Builds the rollback of a rollout whose orchestration is gone, from what its lane still knows. */
import type { RolloutPolicy } from '../policy/policy.ts';
import { newRolloutState, type RolloutState } from '../rollout/state.ts';
import type { RolloutHolder } from './lane.ts';

/** Audit numbers of a recovery start here, after any number that the lost orchestration can have used. */
export const FIRST_RECOVERY_SEQUENCE = 1_000_000;

/** Phases after which green serves everything: there is nothing to put back. */
const BEYOND_RETURN = ['retiring', 'promoted'];

export interface LostRollout {
  readonly holder: RolloutHolder;
  /** The policy that governs the holder's model on the holder's endpoint. */
  readonly policy: RolloutPolicy;
  /** The last phase that it reported. */
  readonly lastPhase: string | null;
  /** What became of its orchestration. */
  readonly why: string;
}

/** What is written is what the claim names. The last phase decides: past the bake there is nothing to put back. */
export function recoveryOf({ holder, policy, lastPhase, why }: LostRollout, nowIso: string): RolloutState {
  const { id: rolloutId, endpoint, model, version, green } = holder;
  const cause = { kind: 'retry', reference: 'watchdog' } as const;
  const fresh = newRolloutState({ rolloutId, endpoint, model, version, attempt: 1, cause, policy, green }, nowIso);
  const beyond = lastPhase !== null && BEYOND_RETURN.includes(lastPhase);
  const reason = `The orchestration of ${rolloutId} is gone (${why}); ${
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
    rollback: beyond ? null : { code: 'orchestration-lost', reason, actor: 'watchdog', failedMetrics: [] },
  };
}
