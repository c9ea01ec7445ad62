/**
 * One job and the store of all jobs of the workspace, in memory; names compare without case.
 *
 * 1. A job's status only moves forward, and each change is announced once.
 * 2. A job that has ended never changes its status, error or outputs again.
 */
import type { SystemData } from '../../arm/protocol/system-data.ts';
import type { JobProperties } from './job-schema.ts';
import { isTerminal, type JobStatus, mayFollow } from './job-status.ts';

export interface JobError {
  readonly code: string;
  readonly message: string;
}

export interface StatusChange {
  readonly status: JobStatus;
  readonly atMs: number;
}

export interface JobPlan {
  readonly name: string;
  readonly properties: JobProperties;
  readonly systemData: SystemData;
  /** A step's pipeline. */
  readonly parentName?: string;
}

export class Job {
  readonly name: string;
  readonly parentName: string | undefined;
  properties: JobProperties;
  systemData: SystemData;
  error: JobError | undefined;
  /** Datastore address of each output by name, `default` among them. */
  readonly outputUris = new Map<string, string>();
  /** Aborts when the job is to end early; its reason says why. */
  readonly canceling = new AbortController();
  readonly #history: StatusChange[];
  readonly #onChange: (job: Job) => void;
  readonly #ended = Promise.withResolvers<void>();

  constructor(plan: JobPlan, nowMs: number, onChange: (job: Job) => void) {
    this.name = plan.name;
    this.parentName = plan.parentName;
    this.properties = plan.properties;
    this.systemData = plan.systemData;
    this.#history = [{ status: 'NotStarted', atMs: nowMs }];
    this.#onChange = onChange;
  }

  get status(): JobStatus {
    return this.#history.at(-1)?.status ?? 'NotStarted';
  }

  get history(): readonly StatusChange[] {
    return this.#history;
  }

  /** Resolves when the job has ended. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** True when the status changed; a step that may not follow is ignored. */
  enter(status: JobStatus, nowMs: number): boolean {
    if (!mayFollow(this.status, status)) return false;
    this.#history.push({ status, atMs: nowMs });
    this.#onChange(this);
    if (isTerminal(status)) this.#ended.resolve();
    return true;
  }

  /** Asks the job to end; false when it has ended already. Asking again changes nothing. */
  cancel(reason: JobError, nowMs: number): boolean {
    if (isTerminal(this.status)) return false;
    if (this.enter('CancelRequested', nowMs)) {
      this.error = reason;
      this.canceling.abort(new Error(reason.message));
    }
    return true;
  }
}

export class JobStore {
  readonly #jobs = new Map<string, Job>();

  add(job: Job): Job {
    this.#jobs.set(job.name.toLowerCase(), job);
    return job;
  }

  find(name: string): Job | undefined {
    return this.#jobs.get(name.toLowerCase());
  }

  /** In order of creation. */
  list(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  childrenOf(name: string): readonly Job[] {
    return this.list().filter((job) => job.parentName === name);
  }

  delete(name: string): boolean {
    return this.#jobs.delete(name.toLowerCase());
  }

  /** Datastore address of an output; `artifacts` is the default artefact store. */
  outputUri(jobName: string, outputName: string): string | undefined {
    const name = outputName.toLowerCase() === 'artifacts' ? 'default' : outputName;
    return this.find(jobName)?.outputUris.get(name);
  }
}
