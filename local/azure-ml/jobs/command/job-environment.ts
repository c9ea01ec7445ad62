/** Decides which environment variables a job's command sees: Azure ML's, the job's own, and nothing of this process. */
import type { WorkspaceOptions } from '../../arm/protocol/workspace.ts';
import { ONE_THREAD } from '../../serving/process/instance-environment.ts';
import type { Job } from '../state/job.ts';
import type { CommandProperties } from '../state/job-schema.ts';
import type { CommandValues } from './substitute.ts';

export interface EnvironmentParts {
  readonly values: CommandValues;
  /** How the command reaches the tracking server. */
  readonly tracking: Readonly<Record<string, string>>;
  readonly homeFolder: string;
}

/**
 * The job's variables win over the defaults, Azure ML's over the job's. Names: `AZUREML_*` as the runs of azureml-core
 * see them, `AZURE_ML_INPUT_*` and `AZURE_ML_OUTPUT_*` of "Access data in a job"; PATH comes from the launcher.
 */
export function jobEnvironment(
  workspace: WorkspaceOptions,
  job: Job,
  properties: CommandProperties,
  parts: EnvironmentParts,
): Readonly<Record<string, string>> {
  return {
    ...ONE_THREAD,
    HOME: parts.homeFolder,
    TMPDIR: parts.homeFolder,
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    ...properties.environmentVariables,
    ...named('AZURE_ML_INPUT_', parts.values.inputs),
    ...named('AZURE_ML_OUTPUT_', parts.values.outputs),
    AZUREML_RUN_ID: job.name,
    AZUREML_ROOT_RUN_ID: job.parentName ?? job.name,
    AZUREML_ARM_SUBSCRIPTION: workspace.subscriptionId,
    AZUREML_ARM_RESOURCEGROUP: workspace.resourceGroup,
    AZUREML_ARM_WORKSPACE_NAME: workspace.name,
    AZUREML_ARM_PROJECT_NAME: properties.experimentName,
    ...parts.tracking,
  };
}

function named(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
