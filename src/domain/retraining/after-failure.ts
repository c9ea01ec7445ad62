/** What an activity that failed for good means for its retraining: try again, with patience for what was paid for or comes only once, then end. */
import { messageOf } from '../message-of.ts';
import { endWith, giveUpJob, type RetrainingProgress, stayAndWait } from './progress.ts';
import type { RetrainingPhase, RetrainingState } from './state.ts';

/** Ticks in a row that may fail before anything is paid for: some minutes of a service that is down. */
const MAX_FAILED_TICKS = 10;
const MAX_REASON = 800;
const LONGEST_PAUSE_SECONDS = 900;
/** How long services may be away before the job of new data, whose event does not come again. */
const NEW_DATA_TIMEOUT_SECONDS = 21_600;
const BEFORE_THE_JOB: readonly RetrainingPhase[] = ['requested', 'waiting', 'validating', 'submitting'];
/** How long the registry may be away; well below the lease of the cool-down, which is not renewed meanwhile. */
const REGISTER_TIMEOUT_SECONDS = 21_600;

/** A job that runs is never left behind: it is canceled first, and a cancellation is tried until it works. */
export function afterFailure(state: RetrainingState, error: unknown, nowIso: string): RetrainingProgress {
  const told = messageOf(error);
  const patience = patienceOf(state, nowIso);
  if (patience !== null) return whileAway(state, told, nowIso, patience);
  const reason = `The retraining was ${state.phase} and could not go on: ${told}`.slice(0, MAX_REASON);
  const { pollSeconds } = state.policy;
  if (state.failedTicks + 1 < MAX_FAILED_TICKS || state.phase === 'canceling') return stayAndWait(reason, pollSeconds);
  const end = 'job-failed' as const;
  if (state.phase !== 'training' && state.phase !== 'submitting') return endWith(end, reason);
  return giveUpJob({ end, reason, actor: 'policy', decidedAtIso: nowIso });
}

interface Patience {
  readonly leftSeconds: number;
  readonly what: string;
  readonly end: (told: string) => RetrainingProgress;
}

/** A job that is paid for is worth waiting for: as long as it may run, and after it until its metrics and its version are safe. */
function patienceOf(state: RetrainingState, nowIso: string): Patience | null {
  const { phase, trigger, failingSinceIso } = state;
  const awaySeconds = secondsBetween(failingSinceIso ?? nowIso, nowIso);
  if (phase === 'training') return forTheJob(state, nowIso);
  if (phase === 'gating') return forItsMetrics(state, awaySeconds);
  if (phase === 'registering') return forTheRegistry(awaySeconds);
  return trigger.kind === 'new-data' && BEFORE_THE_JOB.includes(phase) ? forNewData(state, awaySeconds, nowIso) : null;
}

function forTheJob({ jobName, policy, submittedAtIso, requestedAtIso }: RetrainingState, nowIso: string): Patience {
  const limitSeconds = policy.jobTimeoutSeconds;
  const reason = `Job ${jobName} could not be looked at, and its ${limitSeconds} s are over; it is canceled.`;
  const cancellation = { end: 'job-failed', reason, actor: 'policy', decidedAtIso: nowIso } as const;
  const leftSeconds = limitSeconds - secondsBetween(submittedAtIso ?? requestedAtIso, nowIso);
  return { leftSeconds, what: `job ${jobName} cannot be looked at`, end: () => giveUpJob(cancellation) };
}

function forItsMetrics({ jobName, policy }: RetrainingState, awaySeconds: number): Patience {
  const limitSeconds = policy.metricsTimeoutSeconds;
  const reason = `Job ${jobName} has completed, but its metrics were unreadable for ${limitSeconds} s because the tracking server was away (or the storage of its outputs); its model is not registered.`;
  return {
    leftSeconds: limitSeconds - awaySeconds,
    what: `the metrics of job ${jobName} cannot be read`,
    end: (told) => endWith('metrics-unreadable', bounded(`${reason} Last: ${told}`)),
  };
}

function forTheRegistry(awaySeconds: number): Patience {
  const reason = `The challenger passed the gate, but its version could not be registered for ${REGISTER_TIMEOUT_SECONDS} s.`;
  return {
    leftSeconds: REGISTER_TIMEOUT_SECONDS - awaySeconds,
    what: 'the version cannot be registered',
    end: (told) => endWith('job-failed', bounded(`${reason} Last: ${told}`)),
  };
}

function forNewData({ phase }: RetrainingState, awaySeconds: number, nowIso: string): Patience {
  const reason = `New data was ${phase} and could not go on for ${NEW_DATA_TIMEOUT_SECONDS} s.`;
  return {
    leftSeconds: NEW_DATA_TIMEOUT_SECONDS - awaySeconds,
    what: `new data is ${phase} and cannot go on`,
    end(told) {
      const cancellation = { end: 'job-failed', reason: bounded(`${reason} Last: ${told}`), actor: 'policy' } as const;
      if (phase === 'submitting') return giveUpJob({ ...cancellation, decidedAtIso: nowIso });
      return endWith(cancellation.end, cancellation.reason);
    },
  };
}

/** Asks ever less often, up to the limit. */
function whileAway(state: RetrainingState, told: string, nowIso: string, { leftSeconds, what, end }: Patience) {
  if (leftSeconds <= 0) return end(told);
  const failingSinceIso = state.failingSinceIso ?? nowIso;
  const pauseSeconds = Math.min(state.policy.pollSeconds * 2 ** state.failedTicks, LONGEST_PAUSE_SECONDS, leftSeconds);
  const note = bounded(`Since ${failingSinceIso} ${what}: ${told}`);
  return { ...stayAndWait(note, pauseSeconds), patch: { failingSinceIso } };
}

function bounded(text: string): string {
  return text.slice(0, MAX_REASON);
}

function secondsBetween(iso: string, laterIso: string): number {
  return (Date.parse(laterIso) - Date.parse(iso)) / 1000;
}
