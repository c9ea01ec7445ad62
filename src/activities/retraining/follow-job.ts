/** Reads and cancels the training job of a retraining. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { TrainingJobs } from '../../ports/training-jobs.ts';

const MAX_REASON = 800;

export function createReadJob(jobs: TrainingJobs): ActivityHandler<'readJob'> {
  return async ({ jobName }) => {
    const job = await jobs.read(jobName);
    const modelUri = job && Object.hasOwn(job.outputs, 'model') ? namedOutput(jobName) : defaultArtifacts(jobName);
    if (!job) return { state: 'absent', status: 'absent', reason: null, modelUri };
    return { state: job.state, status: job.status, reason: job.reason?.slice(0, MAX_REASON) ?? null, modelUri };
  };
}

export function createCancelJob(jobs: TrainingJobs): ActivityHandler<'cancelJob'> {
  return ({ jobName }) => jobs.cancel(jobName);
}

/** Both forms: Azure Machine Learning documentation, "Work with registered models". */
function namedOutput(jobName: string): string {
  return `azureml://jobs/${jobName}/outputs/model`;
}

function defaultArtifacts(jobName: string): string {
  return `azureml://jobs/${jobName}/outputs/artifacts/paths/model/`;
}
