/** Maps jobs to MLflow's runs, both ways: Azure's run id is the job's name, MLflow makes ids of its own. */
import type { Clock } from '../../emulator/clock.ts';
import type { Job, JobStore } from '../jobs/state/job.ts';
import { isTerminal, type TerminalStatus } from '../jobs/state/job-status.ts';
import type { MlflowCalls, MlflowRunStatus } from './mlflow-calls.ts';

const RUN_STATUS: Readonly<Record<TerminalStatus, MlflowRunStatus>> = {
  Completed: 'FINISHED',
  Failed: 'FAILED',
  Canceled: 'KILLED',
};

export class JobRuns {
  readonly #jobs: JobStore;
  readonly #mlflow: MlflowCalls;
  readonly #clock: Clock;
  readonly #runIds = new WeakMap<Job, Promise<string>>();
  readonly #names = new Map<string, string>();

  constructor(jobs: JobStore, mlflow: MlflowCalls, clock: Clock) {
    this.#jobs = jobs;
    this.#mlflow = mlflow;
    this.#clock = clock;
  }

  /** MLflow's id of the job's run, which is made when it is missing; an id that names no job is MLflow's own. */
  async runIdOf(jobName: string): Promise<string> {
    const job = this.#jobs.find(jobName);
    return job ? this.openRun(job) : jobName;
  }

  openRun(job: Job): Promise<string> {
    const known = this.#runIds.get(job);
    if (known) return known;
    const making = this.#create(job);
    this.#runIds.set(job, making);
    making.catch(() => this.#runIds.delete(job));
    return making;
  }

  /** Gives the job's run its end and returns the run's tags; a job that has no run yet gets none for that. */
  async closeRun(job: Job, status: TerminalStatus): Promise<Readonly<Record<string, string>>> {
    const runId = await this.#runIds.get(job);
    return runId === undefined ? {} : this.#mlflow.endRun(runId, RUN_STATUS[status], this.#clock.nowMs());
  }

  /** Name of the job that MLflow's run belongs to. */
  jobNameOf(runId: string): string | undefined {
    return this.#names.get(runId);
  }

  async #create(job: Job): Promise<string> {
    const experimentId = await this.#mlflow.experimentId(job.properties.experimentName);
    const runId = await this.#mlflow.createRun({
      experimentId,
      name: job.properties.displayName ?? job.name,
      startedAtMs: this.#clock.nowMs(),
      tags: { ...job.properties.tags, 'mlflow.rootRunId': job.parentName ?? job.name },
    });
    this.#names.set(runId, job.name);
    // Asked for late, because the server was down while the job ran.
    if (isTerminal(job.status)) await this.#mlflow.endRun(runId, RUN_STATUS[job.status], this.#clock.nowMs());
    return runId;
  }
}
