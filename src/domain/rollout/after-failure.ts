/** What an activity that failed for good means for its rollout: try again, then roll back where that is possible. */
import { messageOf } from '../message-of.ts';
import { canRollBack } from './phase.ts';
import { callOperator, type Progress, rollBack, stay } from './progress.ts';
import type { RolloutState } from './state.ts';

/** Ticks in a row whose activities failed for good before the rollout is given up. */
const MAX_FAILED_TICKS = 3;
const MAX_REASON = 800;

export function afterFailure(state: RolloutState, error: unknown): Progress {
  const told = messageOf(error);
  const reason = `Phase ${state.phase} failed: ${told}`.slice(0, MAX_REASON);
  const waitSeconds = state.policy.timing.pollSeconds;
  if (state.failedTicks + 1 < MAX_FAILED_TICKS) return stay(reason, waitSeconds);
  if (canRollBack(state.phase)) return rollBack('activity-failed', reason);
  return callOperator(`${reason} It is tried again.`, waitSeconds);
}
