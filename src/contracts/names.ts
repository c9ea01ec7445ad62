/** Names by which functions, orchestrators, entities and their events find each other. */

export const ROLLOUT_ORCHESTRATOR = 'rollout';
export const RECOVERY_ORCHESTRATOR = 'recoverLane';
export const SCALE_OUT_ORCHESTRATOR = 'scaleOut';
export const RETRAINING_ORCHESTRATOR = 'retraining';
export type OrchestratorName =
  | typeof ROLLOUT_ORCHESTRATOR
  | typeof RECOVERY_ORCHESTRATOR
  | typeof SCALE_OUT_ORCHESTRATOR
  | typeof RETRAINING_ORCHESTRATOR;

/** Keyed by the endpoint. */
export const LANE_ENTITY = 'lane';
/** Keyed by `<endpoint>.<model>`. */
export const COOL_DOWN_ENTITY = 'coolDown';
export type EntityName = typeof LANE_ENTITY | typeof COOL_DOWN_ENTITY;

/** Wakes a waiting rollout or retraining; carries nothing that matters. */
export const INBOX_POSTED = 'InboxPosted';

export type CoolDownOperation = 'claim' | 'renew' | 'markSpent' | 'giveBack' | 'abort' | 'release';

export function coolDownKeyOf(endpoint: string, model: string): string {
  return `${endpoint}.${model}`;
}
