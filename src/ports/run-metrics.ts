/** What a training job logged about itself. */

export interface RunReading {
  /** Last value of each metric; values that are no finite numbers are left out. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RunMetrics {
  /** By the job's name. Null when the job logged no run; throws while the tracking server is away, which a retry may cure. */
  readRun(jobName: string): Promise<RunReading | null>;
}
