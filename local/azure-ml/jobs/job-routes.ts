/** PUT, GET, list, cancel and DELETE of jobs. */
import { type ArmCall, type ArmReply, type ArmRoute, ok, param } from '../arm/protocol/arm-call.ts';
import { ArmError, notFound } from '../arm/protocol/arm-error.ts';
import { requireResourceName } from '../arm/protocol/names.ts';
import type { OperationOutcome } from '../arm/protocol/operations.ts';
import { page } from '../arm/protocol/paging.ts';
import { armId } from '../arm/protocol/workspace.ts';
import { listedJobs } from './job-listing.ts';
import { showJob } from './job-reply.ts';
import type { JobService } from './job-service.ts';
import type { JobContext } from './seams/job-context.ts';
import type { Job } from './state/job.ts';
import { isTerminal } from './state/job-status.ts';

export function jobRoutes(context: JobContext, service: JobService): readonly ArmRoute[] {
  return [
    { method: 'GET', path: '/jobs', handle: (call) => listJobs(context, call) },
    { method: 'GET', path: '/jobs/:job', handle: (call) => ok(show(context, call, requireJob(context, call))) },
    { method: 'PUT', path: '/jobs/:job', handle: (call) => putJob(context, service, call) },
    { method: 'POST', path: '/jobs/:job/cancel', handle: (call) => cancelJob(context, service, call) },
    { method: 'DELETE', path: '/jobs/:job', handle: (call) => deleteJob(context, call) },
  ];
}

function listJobs(context: JobContext, call: ArmCall): ArmReply {
  return page(call, listedJobs(call, context.jobs.list()), (job) => show(context, call, job));
}

function putJob(context: JobContext, service: JobService, call: ArmCall): ArmReply {
  const name = param(call, 'job');
  requireResourceName(name);
  const { job, isNew } = service.submit(name, call.body, call.callerId);
  return { status: isNew ? 201 : 200, body: show(context, call, job) };
}

/** The operation ends when the job has; of a job that has ended nothing is left to cancel. */
function cancelJob(context: JobContext, service: JobService, call: ArmCall): ArmReply {
  const job = requireJob(context, call);
  if (!service.cancel(job)) return { status: 200 };
  const operation = context.operations.start({
    title: `POST ${armId(context.workspace, 'jobs', job.name)}/cancel`,
    work: (signal) => ended(job, signal),
    settle: () => undefined,
    result: () => ({}),
  });
  return context.replies.accepted(call, operation);
}

function deleteJob(context: JobContext, call: ArmCall): ArmReply {
  const name = param(call, 'job');
  const job = context.jobs.find(name);
  if (!job) return { status: 204 };
  if (!isTerminal(job.status)) {
    throw new ArmError(
      409,
      'Conflict',
      `The job '${job.name}' is ${job.status}. Cancel it and wait for its end first.`,
    );
  }
  const operation = context.operations.start({
    title: `DELETE ${armId(context.workspace, 'jobs', job.name)}`,
    work: async () => ({ ok: true }),
    settle: () => {
      for (const child of context.jobs.childrenOf(job.name)) context.jobs.delete(child.name);
      context.jobs.delete(job.name);
    },
  });
  return context.replies.accepted(call, operation);
}

async function ended(job: Job, signal: AbortSignal): Promise<OperationOutcome> {
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([job.ended, stopped]);
  return { ok: true };
}

function requireJob(context: JobContext, call: ArmCall): Job {
  const job = context.jobs.find(param(call, 'job'));
  if (!job) throw notFound(armId(context.workspace, 'jobs', param(call, 'job')));
  return job;
}

function show(context: JobContext, call: ArmCall, job: Job): object {
  return showJob(context.workspace, job, call.baseUrl);
}
