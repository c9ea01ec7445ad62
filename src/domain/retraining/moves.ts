/** Every legal move of a retraining. */
import type { RetrainingPhase } from './state.ts';

/**
 * Forward moves follow the order of the work. A phase whose activities fail for good ends as `job-failed`, over `canceling`
 * where a job may run. A job that is judged again was submitted by another retraining. Once the version is being registered it is too late to abort.
 */
const MOVES: Readonly<Record<RetrainingPhase, readonly RetrainingPhase[]>> = {
  requested: ['waiting', 'confirming', 'validating', 'training', 'cooling-down', 'ignored', 'job-failed'],
  waiting: ['confirming', 'validating', 'cooling-down', 'ignored', 'aborted', 'job-failed'],
  confirming: ['validating', 'not-confirmed', 'aborted', 'job-failed'],
  validating: ['submitting', 'data-refused', 'ignored', 'aborted', 'job-failed'],
  submitting: ['training', 'canceling', 'job-failed'],
  training: ['gating', 'canceling', 'job-failed'],
  canceling: ['aborted', 'job-failed', 'gating'],
  gating: ['registering', 'gate-failed', 'metrics-unreadable', 'aborted', 'job-failed'],
  registering: ['registered', 'job-failed'],
  registered: [],
  'not-confirmed': [],
  'cooling-down': [],
  'data-refused': [],
  'job-failed': [],
  'metrics-unreadable': [],
  'gate-failed': [],
  aborted: [],
  ignored: [],
};

export function canMoveRetraining(from: RetrainingPhase, to: RetrainingPhase): boolean {
  return MOVES[from].includes(to);
}

export const RETRAINING_PHASES: readonly RetrainingPhase[] = Object.keys(MOVES) as RetrainingPhase[];
