/** Shows runs of schedules among the workspace's jobs, so that they are listed and raise the events of jobs. */
import type { JobService } from '../../jobs/job-service.ts';
import type { Job } from '../../jobs/state/job.ts';
import type { JobStatus } from '../../jobs/state/job-status.ts';

export interface RecordedRun {
  readonly name: string;
  enter(status: JobStatus): void;
  setTags(tags: Readonly<Record<string, string>>): void;
  /** Ends it as Failed. */
  fail(code: string, message: string): void;
}

export interface RunRecorder {
  /** A monitor's run, or with `parentName` one of its steps. */
  begin(run: { name: string; schedule: string; displayName: string; parentName?: string }): RecordedRun;
  /** Starts a job of a CreateJob schedule; throws when its definition is refused. */
  submit(name: string, jobDefinition: unknown): void;
}

const CALLER = 'schedule';

export function recordAsJobs(service: JobService, nowMs: () => number): RunRecorder {
  return {
    begin({ name, schedule, displayName, parentName }) {
      const properties = { jobType: 'Pipeline', experimentName: schedule, displayName, jobs: {} };
      return recorded(service.adopt(name, { properties }, CALLER, parentName), nowMs);
    },
    submit: (name, jobDefinition) => void service.submit(name, { properties: jobDefinition }, CALLER),
  };
}

function recorded(job: Job, nowMs: () => number): RecordedRun {
  return {
    name: job.name,
    enter: (status) => void job.enter(status, nowMs()),
    setTags: (tags) => {
      job.properties = { ...job.properties, tags: { ...job.properties.tags, ...tags } };
    },
    fail: (code, message) => {
      job.error = { code, message };
      job.enter('Failed', nowMs());
    },
  };
}
