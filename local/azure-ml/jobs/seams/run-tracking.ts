/** The seam between jobs and the tracking server: what a job's process needs to log, and how its run is closed. */
import type { Job } from '../state/job.ts';
import type { TerminalStatus } from '../state/job-status.ts';

export interface RunTracking {
  /** Makes the run before the job's process starts, and says how the process reaches it. Never rejects. */
  open(job: Job): Promise<Readonly<Record<string, string>>>;
  /** Closes the run with the job's end and returns the tags that were logged. Never rejects. */
  close(job: Job, status: TerminalStatus): Promise<Readonly<Record<string, string>>>;
}

/** For a workspace without a tracking server. */
export const noTracking: RunTracking = {
  open: async () => ({}),
  close: async () => ({}),
};
