/** Commands that people and other parts send to a running rollout through its lane's inbox. */

import type { LatencyAlert } from '../alerts/latency-alert.ts';

export type RolloutCommand =
  | { readonly type: 'abort' | 'pause' | 'resume' | 'promote'; readonly by: string; readonly reason: string }
  | { readonly type: 'supersede'; readonly by: string; readonly reason: string }
  /** `by` names the alert rule; what it means is decided by the rollout that it meets. */
  | { readonly type: 'latency-alert'; readonly by: string; readonly reason: string; readonly alert: LatencyAlert }
  /** Carries its proof: whether it counts is decided by an activity that checks the token. */
  | {
      readonly type: 'approve' | 'decline';
      readonly approvalId: string;
      readonly token: string;
      readonly reason: string;
    };

/** A command as the lane keeps it. */
export interface PostedCommand {
  /** Chosen by the poster; a command that arrives twice is kept once. */
  readonly id: string;
  /** The rollout it is meant for; commands for a rollout that is gone are dropped. */
  readonly rolloutId: string;
  readonly receivedAtIso: string;
  readonly command: RolloutCommand;
}

/** Given by the lane in order of arrival, from 1. */
export interface NumberedCommand extends PostedCommand {
  readonly sequence: number;
}
