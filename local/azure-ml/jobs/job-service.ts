/**
 * Starts, cancels and ends the jobs of the workspace; the seam for everything that submits jobs itself (schedules).
 *
 * 1. A name belongs to one job: submitting it again starts nothing.
 * 2. When the emulator stops, every command's processes end and no job changes any more.
 */

import { parseBody } from '../arm/protocol/arm-error.ts';
import { type SystemData, stamp } from '../arm/protocol/system-data.ts';
import { runCommandJob } from './command/run-command-job.ts';
import { jobEvents } from './job-events.ts';
import { changedProperties, requireRunnable } from './job-put.ts';
import { assignOutputs } from './outputs/output-places.ts';
import { runPipelineJob } from './pipeline/run-pipeline-job.ts';
import type { JobContext } from './seams/job-context.ts';
import { Job, type JobError } from './state/job.ts';
import { type JobProperties, jobBodySchema } from './state/job-schema.ts';

const MAX_JOBS = 5_000;

export class JobService {
  readonly #context: JobContext;
  readonly #running = new Set<Promise<void>>();
  readonly #stop: AbortController;

  constructor(context: JobContext, stop: AbortController) {
    this.#context = context;
    this.#stop = stop;
  }

  /** Parses and starts a job, or changes the labels of the one of that name; throws ArmError for a bad body. */
  submit(name: string, body: unknown, callerId: string): { readonly job: Job; readonly isNew: boolean } {
    const { properties } = parseBody(jobBodySchema, body);
    const known = this.#context.jobs.find(name);
    const systemData = stamp(this.#context.clock.nowMs(), callerId, known?.systemData);
    if (known) {
      known.properties = changedProperties(known, properties);
      known.systemData = systemData;
      return { job: known, isNew: false };
    }
    requireRunnable(this.#context, properties);
    this.#forgetOldest();
    return { job: this.#start(name, properties, systemData), isNew: true };
  }

  /** A run that something else carries out and moves through its states, a monitor's for example; or a step of one. */
  adopt(name: string, body: unknown, callerId: string, parentName?: string): Job {
    const { properties } = parseBody(jobBodySchema, body);
    this.#forgetOldest();
    const systemData = stamp(this.#context.clock.nowMs(), callerId);
    return newJob(this.#context, { name, properties, systemData, ...(parentName === undefined ? {} : { parentName }) });
  }

  /** False when the job has ended already. */
  cancel(job: Job, reason: JobError = CANCELED): boolean {
    return job.cancel(reason, this.#context.clock.nowMs());
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('The Azure ML emulator stops.'));
    await Promise.all(this.#running);
  }

  #start(name: string, properties: JobProperties, systemData: SystemData): Job {
    const context = this.#context;
    const job = newJob(context, { name, properties, systemData });
    const run =
      properties.jobType === 'Command'
        ? runCommandJob(context, job, properties)
        : runPipelineJob(context, job, properties, (step) => newJob(context, step));
    const tracked = run.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return job;
  }

  #forgetOldest(): void {
    const jobs = this.#context.jobs.list();
    if (jobs.length < MAX_JOBS) return;
    const oldest = jobs.find(({ status }) => ['Completed', 'Failed', 'Canceled'].includes(status));
    if (oldest) this.#context.jobs.delete(oldest.name);
  }
}

const CANCELED: JobError = { code: 'UserCanceled', message: 'The job was canceled on request.' };

function newJob(context: JobContext, plan: ConstructorParameters<typeof Job>[0]): Job {
  const announce = (changed: Job) => {
    if (context.stopping.aborted) return;
    for (const event of jobEvents(context.workspace, changed)) context.events.raise(event);
  };
  const job = new Job(plan, context.clock.nowMs(), announce);
  assignOutputs(job);
  context.jobs.add(job);
  announce(job);
  return job;
}
