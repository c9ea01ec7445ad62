/**
 * One retraining from its trigger to a registered version, or to the reason why there is none.
 *
 * 1. Nothing is done before the model's cool-down is claimed; whatever the end, it is released.
 * 2. The job's name comes from the retraining's id: a decision that is made again submits and registers nothing twice.
 * 3. The job's events only wake it; each tick reads the job itself. Everything it knows is in its state.
 * 4. A job that it gives up is canceled before it ends; one that surely never came to be gives the cool-down back.
 * 5. New data that comes while the model is busy or cools down waits for its turn.
 */
import type { OrchestrationContext } from 'durable-functions';
import type { RetrainingRecord } from '../domain/audit/retraining-record.ts';
import { afterFailure } from '../domain/retraining/after-failure.ts';
import { canMoveRetraining } from '../domain/retraining/moves.ts';
import { endWith, giveUpJob, type RetrainingProgress } from '../domain/retraining/progress.ts';
import {
  hasEnded,
  judgedDataOf,
  type RetrainingPhase,
  type RetrainingState,
  retrainingStatus,
} from '../domain/retraining/state.ts';
import { call, nowIso, type Steps, waitForInbox } from './call.ts';
import { callCoolDown } from './call-cool-down.ts';
import { gate, register } from './retraining/after-the-job.ts';
import { claim, confirm, validate } from './retraining/before-the-job.ts';
import { cancel, submit, train } from './retraining/the-job.ts';

const TICKS_PER_EXECUTION = 50;
/** Together shorter than the lease of the cool-down, which is not renewed meanwhile. */
const MAX_RECORD_ATTEMPTS = 20;
const RECORD_WAIT_SECONDS = 60;

/** Nothing is held yet (what waits learns it from its claim), or it is being ended already, or the version may be registered by now. */
const UNABORTABLE: readonly RetrainingPhase[] = ['requested', 'waiting', 'canceling', 'registering'];

type PhaseWork = (ctx: OrchestrationContext, state: RetrainingState) => Steps<RetrainingProgress>;

const WORK: Readonly<Partial<Record<RetrainingPhase, PhaseWork>>> = {
  requested: claim,
  waiting: claim,
  confirming: confirm,
  validating: validate,
  submitting: submit,
  training: train,
  canceling: cancel,
  gating: gate,
  registering: register,
};

export function* retraining(ctx: OrchestrationContext): Steps<object | undefined> {
  let state = ctx.df.getInput<RetrainingState>();
  ctx.df.setCustomStatus(retrainingStatus(state));
  while (!hasEnded(state.phase)) {
    if (state.ticks >= TICKS_PER_EXECUTION) {
      ctx.df.continueAsNew({ ...state, ticks: 0 });
      return undefined;
    }
    state = yield* tick(ctx, { ...state, ticks: state.ticks + 1 });
    ctx.df.setCustomStatus(retrainingStatus(state));
  }
  yield* callCoolDown(ctx, state, 'release', { retrainingId: state.retrainingId, judgedData: judgedDataOf(state) });
  return { retrainingId: state.retrainingId, outcome: state.phase, version: state.version, reason: state.note };
}

function* tick(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingState> {
  const aborted = yield* abortOf(ctx, state);
  const { progress, failed } = aborted ? { progress: aborted, failed: false } : yield* workOf(ctx, state);
  const counted = failed ? { failedTicks: state.failedTicks + 1 } : { failedTicks: 0, failingSinceIso: null };
  const kept: RetrainingState = { ...state, ...counted };
  if (progress.kind === 'move') return yield* move(ctx, kept, progress);
  const waiting = { ...kept, ...progress.patch, note: progress.note };
  ctx.df.setCustomStatus(retrainingStatus(waiting));
  yield* waitForInbox(ctx, progress.waitSeconds);
  return waiting;
}

/** What an operator asked for; a job that runs is canceled first, and one that is being canceled already goes on so. */
function* abortOf(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingProgress | null> {
  if (UNABORTABLE.includes(state.phase)) return null;
  const input = { retrainingId: state.retrainingId, nowIso: nowIso(ctx) };
  const { abort } = yield* callCoolDown<{ abort: { by: string; reason: string } | null }>(ctx, state, 'renew', input);
  if (abort === null) return null;
  const reason = `Aborted by ${abort.by}: ${abort.reason}`;
  if (state.phase !== 'training' && state.phase !== 'submitting') return endWith('aborted', reason, abort.by);
  return giveUpJob({ end: 'aborted', reason, actor: abort.by, decidedAtIso: nowIso(ctx) });
}

function* workOf(
  ctx: OrchestrationContext,
  state: RetrainingState,
): Steps<{ readonly progress: RetrainingProgress; readonly failed: boolean }> {
  const work = WORK[state.phase];
  if (!work) throw new Error(`Phase ${state.phase} of retraining ${state.retrainingId} has no work.`);
  try {
    return { progress: yield* work(ctx, state), failed: false };
  } catch (error) {
    return { progress: afterFailure(state, error, nowIso(ctx)), failed: true };
  }
}

/** A phase change is recorded before the next phase does anything. */
function* move(
  ctx: OrchestrationContext,
  state: RetrainingState,
  { to, reason, patch = {}, actor = 'policy' }: Extract<RetrainingProgress, { kind: 'move' }>,
): Steps<RetrainingState> {
  if (!canMoveRetraining(state.phase, to)) {
    throw new Error(`Retraining ${state.retrainingId} must not move from ${state.phase} to ${to}.`);
  }
  const moved: RetrainingState = { ...state, ...patch, phase: to, note: reason, failedTicks: 0, failingSinceIso: null };
  const record: RetrainingRecord = {
    retrainingId: moved.retrainingId,
    sequence: moved.auditSequence,
    atIso: nowIso(ctx),
    endpoint: moved.endpoint,
    model: moved.model,
    trigger: moved.trigger.kind,
    triggerReference: moved.trigger.reference,
    from: state.phase,
    phase: to,
    reason,
    actor,
    champion: moved.champion?.version ?? null,
    data: moved.data?.reference ?? null,
    job: moved.submittedAtIso === null ? null : moved.jobName,
    version: moved.version,
    evidence: moved.evidence,
  };
  yield* write(ctx, record);
  return { ...moved, auditSequence: moved.auditSequence + 1 };
}

/** Waits while the audit log or the topic is away. In the end it goes on: a job that was paid for is not dropped for a message. */
function* write(ctx: OrchestrationContext, record: RetrainingRecord): Steps<void> {
  for (let attempt = 1; attempt <= MAX_RECORD_ATTEMPTS; attempt += 1) {
    try {
      yield* call(ctx, 'recordRetraining', { record });
      return;
    } catch (error) {
      ctx.error(
        `Phase ${record.phase} of ${record.retrainingId} is not on record or not published yet: ${String(error)}`,
      );
    }
    yield* waitForInbox(ctx, RECORD_WAIT_SECONDS);
  }
}
