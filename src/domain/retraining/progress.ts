/** What one tick of a retraining comes to. */
import type { Cancellation, RetrainingEnd, RetrainingPhase, RetrainingState } from './state.ts';

export type RetrainingProgress =
  | {
      readonly kind: 'move';
      readonly to: RetrainingPhase;
      readonly reason: string;
      readonly patch?: Partial<RetrainingState>;
      readonly actor?: string;
    }
  | {
      readonly kind: 'stay';
      readonly note: string;
      readonly waitSeconds: number;
      readonly patch?: Partial<RetrainingState>;
    };

export function moveTo(to: RetrainingPhase, reason: string, patch: Partial<RetrainingState> = {}): RetrainingProgress {
  return { kind: 'move', to, reason, patch };
}

export function endWith(end: RetrainingEnd, reason: string, actor = 'policy'): RetrainingProgress {
  return { kind: 'move', to: end, reason, actor };
}

/** Whatever the end, a job that may run is canceled first. */
export function giveUpJob(cancellation: Cancellation): RetrainingProgress {
  return moveTo('canceling', cancellation.reason, { cancellation });
}

export function stayAndWait(note: string, waitSeconds: number): RetrainingProgress {
  return { kind: 'stay', note, waitSeconds };
}
