/** The system events of a job, with the member names of the documented samples and the published client's typings. */
import { createHash } from 'node:crypto';
import type { SystemEvent } from '../../contracts/system-event.ts';
import { type WorkspaceOptions, workspaceArmId } from '../arm/protocol/workspace.ts';
import type { Job } from './state/job.ts';

const PREFIX = 'Microsoft.MachineLearningServices';

/** Every change raises RunStatusChanged; completion raises RunCompleted too, and no other end does. */
export function jobEvents(workspace: WorkspaceOptions, job: Job): readonly SystemEvent[] {
  const experimentId = experimentIdOf(workspace, job.properties.experimentName);
  const run = {
    source: workspaceArmId(workspace),
    subject: `experiments/${experimentId}/runs/${job.name}`,
  };
  const data = {
    experimentId,
    experimentName: job.properties.experimentName,
    runId: job.name,
    runType: runTypeOf(job),
    runTags: job.properties.tags,
    runProperties: job.properties.properties,
  };
  const changed = { ...run, type: `${PREFIX}.RunStatusChanged`, data: { ...data, runStatus: job.status } };
  if (job.status !== 'Completed') return [changed];
  return [changed, { ...run, type: `${PREFIX}.RunCompleted`, data }];
}

/** Event filters of the documentation name these two; a command job's own run has none in the samples. */
function runTypeOf(job: Job): string | null {
  if (job.parentName !== undefined) return 'azureml.StepRun';
  return job.properties.jobType === 'Pipeline' ? 'azureml.PipelineRun' : null;
}

/** The same GUID for the same experiment of the same workspace. */
export function experimentIdOf(workspace: WorkspaceOptions, experimentName: string): string {
  const hex = createHash('sha256').update(`${workspace.workspaceId}/${experimentName}`).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}
