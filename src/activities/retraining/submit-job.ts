/** Submits the training job of a retraining; its name makes a second submission a look. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import { fillJob } from '../../domain/retraining/job-template.ts';
import { RETRAINING_TAGS } from '../../domain/retraining/tags.ts';
import type { ModelRegistry } from '../../ports/model-registry.ts';
import type { TrainingJobs } from '../../ports/training-jobs.ts';

export function createSubmitJob(jobs: TrainingJobs, registry: ModelRegistry): ActivityHandler<'submitJob'> {
  return async ({ jobName, retrainingId, template, model, dataUri, dataReference, champion, trigger }) => {
    const version = await registry.nextVersion(model);
    const filled = fillJob(template.properties, {
      data: dataReference,
      champion: `azureml:${model}:${champion.version}`,
      version,
      trigger: trigger.kind,
      job: jobName,
    });
    const tags = {
      ...asTags(filled.tags),
      [RETRAINING_TAGS.retraining]: retrainingId,
      [RETRAINING_TAGS.data]: dataUri,
    };
    const outcome = await jobs.submit({ name: jobName, properties: { ...filled, tags } });
    return outcome.kind === 'accepted' ? { kind: 'submitted' } : outcome;
  };
}

function asTags(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
