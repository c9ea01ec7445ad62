/** What one tick of a retraining comes to. */
import type { RetrainingEnd, RetrainingPhase, RetrainingState } from './state.ts';

export type RetrainingProgress =
  | {
      readonly kind: 'move';
      readonly to: RetrainingPhase;
      readonly reason: string;
      readonly patch?: Partial<RetrainingState>;
      readonly actor?: string;
    }
  | { readonly kind: 'stay'; readonly note: string; readonly waitSeconds: number };

export function moveTo(to: RetrainingPhase, reason: string, patch: Partial<RetrainingState> = {}): RetrainingProgress {
  return { kind: 'move', to, reason, patch };
}

export function endWith(end: RetrainingEnd, reason: string, actor = 'policy'): RetrainingProgress {
  return { kind: 'move', to: end, reason, actor };
}

export function stayAndWait(note: string, waitSeconds: number): RetrainingProgress {
  return { kind: 'stay', note, waitSeconds };
}

/** Ticks in a row that may fail before the retraining is given up: some minutes of a service that is down. */
const MAX_FAILED_TICKS = 10;
const MAX_REASON = 800;

/**
 * What an activity that failed for good means: try again some ticks, then end. A job that runs is never left behind: it is
 * canceled first, and a cancellation is tried until it works.
 */
export function afterFailure(state: RetrainingState, error: unknown): RetrainingProgress {
  const told = error instanceof Error ? error.message : String(error);
  const reason = `The retraining was ${state.phase} and could not go on: ${told}`.slice(0, MAX_REASON);
  const { pollSeconds } = state.policy;
  if (state.failedTicks + 1 < MAX_FAILED_TICKS || state.phase === 'canceling') return stayAndWait(reason, pollSeconds);
  const end = 'job-failed' as const;
  if (state.phase !== 'training' && state.phase !== 'submitting') return endWith(end, reason);
  return moveTo('canceling', reason, { cancellation: { end, reason, actor: 'policy' } });
}
