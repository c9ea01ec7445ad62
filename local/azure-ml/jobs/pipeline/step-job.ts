/** Makes the command job that a pipeline's step is; its bindings are resolved by name before anything has run. */
import { findAsset } from '../../arm/assets/asset-reference.ts';
import type { JobContext } from '../seams/job-context.ts';
import type { Job } from '../state/job.ts';
import { ASSET_TYPES, type CommandProperties, type JobInput, type PipelineProperties } from '../state/job-schema.ts';
import type { StepPlan } from './plan-pipeline.ts';
import { boundOutput, type InputSource } from './step-schema.ts';

export function stepJobName(pipelineName: string, stepName: string): string {
  return `${pipelineName}-${stepName}`;
}

export function stepProperties(
  context: JobContext,
  pipeline: Job,
  parent: PipelineProperties,
  plan: StepPlan,
): CommandProperties {
  const { component, step, name } = plan;
  const code = component.code && findAsset(context.workspace, 'codes', context.assets.codes, component.code);
  return {
    jobType: 'Command',
    command: component.command,
    environmentId: component.environment,
    codeId: typeof code === 'object' && code !== null ? component.code : null,
    experimentName: parent.experimentName,
    displayName: step.display_name ?? name,
    description: null,
    computeId: null,
    identity: null,
    tags: {},
    properties: { 'azureml.pipelinerunid': pipeline.name, 'azureml.parentRunId': pipeline.name },
    isArchived: false,
    inputs: stepInputs(pipeline, parent, plan),
    outputs: stepOutputs(parent, plan),
    environmentVariables: { ...component.environment_variables, ...step.environment_variables },
    limits: step.limits,
    resources: null,
  };
}

function stepInputs(pipeline: Job, parent: PipelineProperties, plan: StepPlan): Record<string, JobInput> {
  const given = [...plan.inputs].map(([name, source]) => [name, inputOf(pipeline, parent, plan, name, source)]);
  const defaults = Object.entries(plan.component.inputs)
    .filter(([name]) => !plan.inputs.has(name))
    .map(([name, spec]) => [name, { jobInputType: 'literal', value: spec.default ?? '' }]);
  return Object.fromEntries([...defaults, ...given]);
}

function inputOf(
  pipeline: Job,
  parent: PipelineProperties,
  plan: StepPlan,
  name: string,
  source: InputSource,
): JobInput | undefined {
  switch (source.from) {
    case 'value':
      return source.input;
    case 'parent':
      return parent.inputs[source.input];
    case 'step': {
      const type = plan.component.inputs[name]?.type;
      const jobInputType = ASSET_TYPES.find((known) => known === type) ?? 'uri_folder';
      return {
        jobInputType,
        uri: `azureml://jobs/${stepJobName(pipeline.name, source.step)}/outputs/${source.output}`,
      };
    }
  }
}

/** An output that the pipeline shows as its own lies where the pipeline says. */
function stepOutputs(parent: PipelineProperties, plan: StepPlan): CommandProperties['outputs'] {
  const outputs = Object.entries(plan.component.outputs).map(([name, { type }]) => {
    const bound = boundOutput(plan.step.outputs[name]?.value);
    return [name, { jobOutputType: type, uri: bound === undefined ? undefined : parent.outputs[bound]?.uri }];
  });
  return Object.fromEntries(outputs);
}
