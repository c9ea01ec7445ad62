/** Names by which functions, orchestrators, entities and their events find each other. */

export const ROLLOUT_ORCHESTRATOR = 'rollout';
export const RECOVERY_ORCHESTRATOR = 'recoverLane';
export const LANE_ENTITY = 'lane';

/** Wakes a waiting rollout; carries nothing that matters. */
export const INBOX_POSTED = 'InboxPosted';

export type LaneOperation = 'acquire' | 'post' | 'readInbox' | 'recordSnapshot' | 'leave';
