/** Training jobs of Azure ML. Every call may be repeated; permanent refusals are values, only transient failures throw. */
import type { WriteOutcome } from './model-platform.ts';

/** A job as its definition says it, in the members of the REST API; references may be `azureml:<name>:<version>` or `@latest`. */
export interface JobSubmission {
  /** The idempotency key, at most 64 characters of `[a-z0-9-]`. */
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export type JobState = 'running' | 'completed' | 'failed' | 'canceled';

export interface JobView {
  readonly name: string;
  /** Azure's own word, for people. */
  readonly status: string;
  readonly state: JobState;
  /** Why it failed, as far as Azure says; at most 1,000 characters. */
  readonly reason: string | null;
  /** Addresses of the outputs by name, as far as Azure has filled them in. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface TrainingJobs {
  /** Starts the job unless one of this name exists: submitting it again starts and costs nothing. */
  submit(job: JobSubmission): Promise<WriteOutcome>;
  /** Null when there is no job of this name. */
  read(name: string): Promise<JobView | null>;
  /** Asks Azure to end the job; one that has ended counts as accepted. */
  cancel(name: string): Promise<WriteOutcome>;
}
