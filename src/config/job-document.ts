/**
 * Reads a job as teams have it for the command line tool (Azure ML CLI v2 YAML, command or pipeline) and turns it into the
 * members of the REST API. Only registered assets: the app uploads nothing.
 *
 * Shapes: "CLI (v2) command job YAML schema", "CLI (v2) pipeline job YAML schema"; Azure/azure-rest-api-specs, Jobs, 2024-04-01.
 */
import { z } from 'zod';
import type { JobTemplate } from '../domain/policy/retraining-policy.ts';
import { JOB_PLACEHOLDERS, unknownPlaceholders } from '../domain/retraining/job-template.ts';

const text = z.string().min(1).max(4000);
const asset = z
  .string()
  .regex(
    /^azureml:[A-Za-z0-9_-]+[:@][A-Za-z0-9._-]+$/,
    'must be a registered asset azureml:<name>:<version> or azureml:<name>@latest; the app uploads no files',
  );
const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,254}$/, 'must be a name of letters, digits and _');
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const labels = z.record(z.string().min(1).max(255), z.string().max(1000));

const MODES: Readonly<Record<string, string>> = {
  ro_mount: 'ReadOnlyMount',
  rw_mount: 'ReadWriteMount',
  download: 'Download',
  upload: 'Upload',
  direct: 'Direct',
  eval_mount: 'EvalMount',
  eval_download: 'EvalDownload',
};
const ASSET_TYPES = ['uri_file', 'uri_folder', 'mltable', 'custom_model', 'mlflow_model', 'triton_model'] as const;
const mode = z.enum(Object.keys(MODES) as [string, ...string[]]);

const input = z.union([
  scalar,
  z.strictObject({ type: z.enum(ASSET_TYPES), path: text, mode: mode.optional(), description: text.optional() }),
  z.strictObject({ type: z.enum(['string', 'number', 'integer', 'boolean']).optional(), value: scalar }),
]);
const output = z.union([
  z.strictObject({ type: z.enum(ASSET_TYPES).default('uri_folder'), mode: mode.optional(), path: text.optional() }),
  text,
]);
const resources = z.strictObject({
  instance_count: z.int().min(1).max(100).default(1),
  instance_type: text.optional(),
  shm_size: text.optional(),
});

const common = {
  $schema: z.string().optional(),
  display_name: text.optional(),
  description: text.optional(),
  experiment_name: text.optional(),
  compute: text.optional(),
  tags: labels.default({}),
  inputs: z.record(name, input).default({}),
  outputs: z.record(name, output).default({}),
};

const commandJob = z.strictObject({
  ...common,
  type: z.literal('command'),
  command: z.string().min(1).max(20_000),
  code: asset.optional(),
  environment: asset,
  environment_variables: z.record(z.string(), scalar).default({}),
  resources: resources.optional(),
  limits: z
    .strictObject({
      timeout: z
        .int()
        .min(1)
        .max(30 * 86_400),
    })
    .optional(),
});

const step = z.strictObject({
  type: z.literal('command'),
  component: asset,
  compute: text.optional(),
  inputs: z.record(name, input).default({}),
  outputs: z.record(name, output).default({}),
  environment_variables: z.record(z.string(), scalar).default({}),
  resources: resources.optional(),
});

const pipelineJob = z.strictObject({
  ...common,
  type: z.literal('pipeline'),
  settings: z.record(z.string(), z.unknown()).default({}),
  jobs: z.record(name, step).refine((jobs) => Object.keys(jobs).length > 0, 'needs at least one step'),
});

/** Every text is looked through for placeholders that Slipway would leave unfilled. */
export const jobSchema = z
  .discriminatedUnion('type', [commandJob, pipelineJob])
  .superRefine((job, ctx) => {
    const unknown = unknownPlaceholders(JSON.stringify(job));
    if (unknown.length === 0) return;
    const known = JOB_PLACEHOLDERS.map((placeholder) => `slipway.${placeholder}`).join(', ');
    ctx.addIssue({
      code: 'custom',
      message: `holds the unknown placeholder slipway.${unknown[0]}; known are ${known}`,
    });
  })
  .transform((job): JobTemplate => ({ properties: job.type === 'command' ? commandOf(job) : pipelineOf(job) }));

type CommonPart = Pick<
  z.output<typeof commandJob>,
  'display_name' | 'description' | 'experiment_name' | 'compute' | 'tags' | 'inputs' | 'outputs'
>;

function commonOf(job: CommonPart): Record<string, unknown> {
  return {
    displayName: job.display_name,
    description: job.description,
    experimentName: job.experiment_name,
    computeId: job.compute,
    tags: job.tags,
    inputs: mapped(job.inputs, inputOf),
    outputs: mapped(job.outputs, outputOf),
  };
}

function commandOf(job: z.output<typeof commandJob>): JobTemplate['properties'] {
  return defined({
    jobType: 'Command',
    ...commonOf(job),
    command: job.command,
    codeId: job.code,
    environmentId: job.environment,
    environmentVariables: mapped(job.environment_variables, String),
    resources: job.resources && resourcesOf(job.resources),
    limits: job.limits && { jobLimitsType: 'Command', timeout: `PT${job.limits.timeout}S` },
  });
}

function pipelineOf(job: z.output<typeof pipelineJob>): JobTemplate['properties'] {
  return defined({ jobType: 'Pipeline', ...commonOf(job), settings: job.settings, jobs: mapped(job.jobs, stepOf) });
}

/** Steps have the members of the pipeline service, in snake case. */
function stepOf(given: z.output<typeof step>): object {
  return defined({
    type: 'command',
    componentId: given.component,
    computeId: given.compute,
    inputs: mapped(given.inputs, (value) => snakeCase(inputOf(value))),
    outputs: mapped(given.outputs, (value) =>
      typeof value === 'string' ? { type: 'literal', value } : snakeCase(outputOf(value)),
    ),
    environment_variables: mapped(given.environment_variables, String),
    resources: given.resources,
  });
}

function inputOf(value: z.output<typeof input>): Record<string, unknown> {
  if (typeof value !== 'object') return { jobInputType: 'literal', value: String(value) };
  if ('value' in value) return { jobInputType: 'literal', value: String(value.value) };
  const { type, path, mode: way, description } = value;
  return defined({ jobInputType: type, uri: path, mode: way && MODES[way], description });
}

function outputOf(value: z.output<typeof output>): Record<string, unknown> {
  if (typeof value === 'string') return { jobOutputType: 'uri_folder', uri: value };
  return defined({ jobOutputType: value.type, uri: value.path, mode: value.mode && MODES[value.mode] });
}

function resourcesOf({ instance_count, instance_type, shm_size }: z.output<typeof resources>): object {
  return defined({ instanceCount: instance_count, instanceType: instance_type, shmSize: shm_size });
}

function snakeCase({ jobInputType, jobOutputType, ...rest }: Record<string, unknown>): object {
  return defined({ job_input_type: jobInputType, job_output_type: jobOutputType, ...rest });
}

function mapped<Value, Result>(
  members: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, change(value)]));
}

function defined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
