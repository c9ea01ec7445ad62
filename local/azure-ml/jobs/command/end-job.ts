/** Decides how a job ends after what happened to it, closes its run, and announces the end. */
import { sleep } from '../../../emulator/clock.ts';
import type { JobContext } from '../seams/job-context.ts';
import type { Job } from '../state/job.ts';
import { JobFailure } from '../state/job-failure.ts';
import type { TerminalStatus } from '../state/job-status.ts';

/** Without `error` the job completed, unless it was to be cancelled meanwhile. Nothing changes when the emulator stops. */
export async function endJob(context: JobContext, job: Job, error: unknown): Promise<void> {
  // A request to cancel is seen for a moment before the end.
  if (job.status === 'CancelRequested') await sleep(context.clock, context.stageMs, context.stopping).catch(() => {});
  if (context.stopping.aborted) return;
  const end = endOf(job, error);
  if (end === 'Failed') job.error = reasonOf(error);
  const logged = await context.tracking.close(job, end);
  job.properties = { ...job.properties, tags: { ...logged, ...job.properties.tags } };
  if (end === 'Completed') job.error = undefined;
  job.enter(end, context.clock.nowMs());
}

function endOf(job: Job, error: unknown): TerminalStatus {
  if (job.status === 'CancelRequested') return 'Canceled';
  return error === undefined ? 'Completed' : 'Failed';
}

function reasonOf(error: unknown): { code: string; message: string } {
  if (error instanceof JobFailure) return { code: error.code, message: error.message };
  return { code: 'SystemError', message: `The job could not be run: ${String(error)}` };
}
