/** The training job: submitted once, looked at until it ends, canceled when it takes too long or nobody wants it any more. */
import type { OrchestrationContext } from 'durable-functions';
import { endWith, giveUpJob, moveTo, type RetrainingProgress, stayAndWait } from '../../domain/retraining/progress.ts';
import type { RetrainingState } from '../../domain/retraining/state.ts';
import { call, nowIso, type Steps, secondsSince } from '../call.ts';
import { callCoolDown } from '../call-cool-down.ts';

/** Longer than Azure ML may still work on a request that nobody waits for any more. */
const SURE_AFTER_SECONDS = 60;

/** The cool-down begins before the submission: a job whose answer is lost has been paid for too. */
export function* submit(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingProgress> {
  const { retrainingId, jobName, model, data, champion, trigger, policy } = state;
  if (data === null || champion === null) throw new Error('A job needs data and a champion.');
  const dataAsOfIso = data.asOfIso ?? null;
  yield* callCoolDown(ctx, state, 'markSpent', { retrainingId, nowIso: nowIso(ctx), dataAsOfIso });
  const answer = yield* call(ctx, 'submitJob', {
    retrainingId,
    jobName,
    model,
    template: policy.job,
    dataUri: data.uri,
    dataReference: data.reference,
    champion,
    trigger,
  });
  if (answer.kind === 'busy') {
    const isLate = secondsSince(ctx, dataAsOfIso ?? state.requestedAtIso) > policy.jobTimeoutSeconds;
    if (!isLate) return stayAndWait(`Azure ML is busy: ${answer.reason}`, policy.pollSeconds);
    return withoutJob(ctx, `Azure ML took no job for ${policy.jobTimeoutSeconds} s: ${answer.reason}`);
  }
  if (answer.kind === 'refused') return withoutJob(ctx, `Azure ML refused the job: ${answer.reason}`);
  return moveTo('training', `Job ${jobName} trains on ${data.reference}.`, { submittedAtIso: nowIso(ctx) });
}

/** A request whose answer was lost may still have made the job: `canceling` looks, and gives the cool-down back if not. */
function withoutJob(ctx: OrchestrationContext, reason: string): RetrainingProgress {
  return giveUpJob({ end: 'job-failed', reason, actor: 'policy', decidedAtIso: nowIso(ctx) });
}

export function* train(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingProgress> {
  const { jobName, policy, submittedAtIso } = state;
  const job = yield* call(ctx, 'readJob', { jobName });
  switch (job.state) {
    case 'completed':
      return moveTo('gating', `Job ${jobName} has completed.`, { modelUri: job.modelUri });
    case 'failed':
      return endWith('job-failed', `Job ${jobName} failed: ${job.reason ?? 'Azure ML gives no reason.'}`);
    case 'canceled':
      return endWith('job-failed', `Job ${jobName} was canceled by somebody else.`);
    case 'absent':
      if (secondsSince(ctx, submittedAtIso ?? state.requestedAtIso) < SURE_AFTER_SECONDS)
        return stayAndWait(`Job ${jobName} was submitted and is not to be seen yet.`, policy.pollSeconds);
      return endWith('job-failed', `Job ${jobName} does not exist any more.`);
    case 'running':
      break;
  }
  if (secondsSince(ctx, submittedAtIso ?? state.requestedAtIso) > policy.jobTimeoutSeconds) {
    const reason = `Job ${jobName} did not end within ${policy.jobTimeoutSeconds} s (${job.status}); it is canceled.`;
    return giveUpJob({ end: 'job-failed', reason, actor: 'policy', decidedAtIso: nowIso(ctx) });
  }
  return stayAndWait(`Job ${jobName} is ${job.status}.`, policy.pollSeconds);
}

/** Asks again at each tick: a cancellation may get lost, and asking twice is harmless. */
export function* cancel(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingProgress> {
  const { jobName, policy } = state;
  const { end = 'job-failed', reason = '', actor = 'policy' } = state.cancellation ?? {};
  const job = yield* call(ctx, 'readJob', { jobName });
  if (job.state === 'completed' && end === 'job-failed') {
    const patch = { modelUri: job.modelUri, cancellation: null };
    return moveTo('gating', `Job ${jobName} completed before it could be canceled.`, patch);
  }
  const neverSeen = job.state === 'absent' && state.submittedAtIso === null;
  if (neverSeen) return yield* endWithoutJob(ctx, state);
  if (job.state !== 'running') return endWith(end, `${reason} The job is ${job.status}.`, actor);
  const answer = yield* call(ctx, 'cancelJob', { jobName });
  const note = answer.kind === 'accepted' ? `Job ${jobName} is being canceled.` : `Not canceled yet: ${answer.reason}`;
  return stayAndWait(note, policy.pollSeconds);
}

/** Nothing was paid: once that is sure, the next occasion need not wait for the cool-down. */
function* endWithoutJob(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingProgress> {
  const { retrainingId, jobName, requestedAtIso, cancellation } = state;
  const { end = 'job-failed', reason = '', actor = 'policy', decidedAtIso = requestedAtIso } = cancellation ?? {};
  const leftSeconds = SURE_AFTER_SECONDS - secondsSince(ctx, decidedAtIso);
  if (leftSeconds > 0) return stayAndWait(`${reason} There is no job ${jobName} so far.`, leftSeconds);
  yield* callCoolDown(ctx, state, 'giveBack', { retrainingId });
  return endWith(end, `${reason} There is no job ${jobName}, so nothing was paid and no cool-down begins.`, actor);
}
