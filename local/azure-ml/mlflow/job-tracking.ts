/**
 * Gives each job's process its run and a token for it, and closes the run when the job ends.
 *
 * A tracking server that is down delays nothing but the metrics: the job runs and ends all the same.
 */
import { randomBytes } from 'node:crypto';
import type { RunTracking } from '../jobs/seams/run-tracking.ts';
import type { Job } from '../jobs/state/job.ts';
import type { JobRuns } from './job-runs.ts';

export interface JobTrackingOptions {
  readonly runs: JobRuns;
  /** `https://..` address that MLflow's client takes as its tracking uri. */
  readonly trackingUrl: () => string;
  /** Certificate authority that signed that address's certificate. */
  readonly caPath: string;
  readonly log: (line: string) => void;
}

export interface JobTracking extends RunTracking {
  /** The job that a token was given to and that has not ended yet. */
  jobOfToken(token: string): Job | undefined;
}

export function createJobTracking(options: JobTrackingOptions): JobTracking {
  const { runs, log } = options;
  const tokens = new Map<string, Job>();
  return {
    jobOfToken: (token) => tokens.get(token),
    async open(job) {
      const token = randomBytes(32).toString('base64url');
      tokens.set(token, job);
      await runs.openRun(job).catch((error: unknown) => log(`No run for job ${job.name} yet: ${String(error)}`));
      return {
        MLFLOW_TRACKING_URI: options.trackingUrl(),
        MLFLOW_TRACKING_TOKEN: token,
        MLFLOW_TRACKING_SERVER_CERT_PATH: options.caPath,
        MLFLOW_RUN_ID: job.name,
        MLFLOW_EXPERIMENT_NAME: job.properties.experimentName,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        DO_NOT_TRACK: 'true',
      };
    },
    async close(job, status) {
      for (const [token, holder] of tokens) if (holder === job) tokens.delete(token);
      try {
        const tags = await runs.closeRun(job, status);
        return Object.fromEntries(Object.entries(tags).filter(([name]) => !name.startsWith('mlflow.')));
      } catch (error) {
        log(`The run of job ${job.name} could not be closed: ${String(error)}`);
        return {};
      }
    },
  };
}
