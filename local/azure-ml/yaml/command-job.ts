/** A command job of the Azure ML CLI v2 YAML: what is understood of it, and the properties that it becomes. */
import { z } from 'zod';

const ASSET_TYPES = ['uri_file', 'uri_folder', 'mltable', 'mlflow_model', 'custom_model', 'triton_model'] as const;
const INPUT_MODES = {
  ro_mount: 'ReadOnlyMount',
  rw_mount: 'ReadWriteMount',
  download: 'Download',
  direct: 'Direct',
  eval_mount: 'EvalMount',
  eval_download: 'EvalDownload',
} as const;
const OUTPUT_MODES = { rw_mount: 'ReadWriteMount', upload: 'Upload', direct: 'Direct' } as const;

const text = z.string().min(1).max(4096);
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const words = <Table extends Record<string, string>>(table: Table) =>
  z.enum(Object.keys(table) as [keyof Table & string, ...(keyof Table & string)[]]).optional();

const inputSchema = z.union([
  scalar,
  z.strictObject({ type: z.enum(ASSET_TYPES).default('uri_folder'), path: text, mode: words(INPUT_MODES) }),
]);
const outputSchema = z.strictObject({
  type: z.enum(ASSET_TYPES).default('uri_folder'),
  path: text.optional(),
  mode: words(OUTPUT_MODES),
});

/** `name` is left out in files that are submitted more than once; it is then given as an override. */
export const commandJobSchema = z.strictObject({
  $schema: text.optional(),
  type: z.literal('command').optional(),
  name: text,
  display_name: text.optional(),
  description: z.string().max(10_000).optional(),
  experiment_name: text.optional(),
  tags: z.record(z.string(), scalar).optional(),
  properties: z.record(z.string(), scalar).optional(),
  command: z.string().min(1).max(32_768),
  code: text.optional(),
  environment: text,
  compute: text.optional(),
  environment_variables: z.record(z.string(), scalar).optional(),
  inputs: z.record(z.string(), inputSchema).default({}),
  outputs: z.record(z.string(), outputSchema).default({}),
  resources: z.strictObject({ instance_count: z.int().min(1).optional(), instance_type: text.optional() }).optional(),
  limits: z.strictObject({ timeout: z.int().min(1) }).optional(),
});

export type CommandJobYaml = z.output<typeof commandJobSchema>;

/** Properties of the PUT; `codeId` and `environmentId` are resolved by the caller. */
export function commandJobProperties(
  spec: CommandJobYaml,
  ids: { readonly codeId: string | undefined; readonly environmentId: string },
): object {
  const { resources, limits } = spec;
  return {
    jobType: 'Command',
    displayName: spec.display_name,
    description: spec.description,
    experimentName: spec.experiment_name,
    tags: spec.tags,
    properties: spec.properties,
    command: spec.command,
    ...ids,
    computeId: spec.compute,
    environmentVariables: spec.environment_variables,
    inputs: Object.fromEntries(Object.entries(spec.inputs).map(([name, input]) => [name, inputOf(input)])),
    outputs: Object.fromEntries(Object.entries(spec.outputs).map(([name, output]) => [name, outputOf(output)])),
    resources: resources && { instanceCount: resources.instance_count, instanceType: resources.instance_type },
    limits: limits && { jobLimitsType: 'Command', timeout: `PT${limits.timeout}S` },
  };
}

function inputOf(input: z.output<typeof inputSchema>): object {
  if (typeof input === 'string') return { jobInputType: 'literal', value: input };
  return { jobInputType: input.type, uri: input.path, mode: input.mode && INPUT_MODES[input.mode] };
}

function outputOf(output: z.output<typeof outputSchema>): object {
  return { jobOutputType: output.type, uri: output.path, mode: output.mode && OUTPUT_MODES[output.mode] };
}
