/** The PUT body of a job: command and pipeline jobs, as api-version 2024-04-01 writes them. */
import { z } from 'zod';
import { anyCaseEnum } from '../../arm/protocol/any-case-enum.ts';
import { durationMs } from '../../arm/protocol/iso-duration.ts';
import { stringMapSchema } from '../../arm/protocol/string-map.ts';

export const ASSET_TYPES = [
  'uri_file',
  'uri_folder',
  'mltable',
  'mlflow_model',
  'custom_model',
  'triton_model',
] as const;
const MAX_MEMBERS = 100;
const text = (max: number) => z.string().max(max).nullish();
const uri = z.string().min(1).max(4096);
/** Names become parts of paths and of environment variables. */
const memberName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/, 'is no name: letters, digits and underscores');
const inputMode = anyCaseEnum(['ReadOnlyMount', 'ReadWriteMount', 'Download', 'Direct', 'EvalMount', 'EvalDownload']);
const outputMode = anyCaseEnum(['ReadWriteMount', 'Upload', 'Direct']);

const literalInput = z.object({
  jobInputType: z.literal('literal'),
  value: z.string().max(8192),
  description: text(10_000),
});
/** The published client 2.1.1 loses `uri`; the service refuses such a body, and so does this. */
const assetInput = z.object({
  jobInputType: z.enum(ASSET_TYPES),
  uri: z.string({ error: 'is required for an asset input' }).min(1).max(4096),
  mode: inputMode.nullish(),
  description: text(10_000),
});
export const inputSchema = z.discriminatedUnion('jobInputType', [literalInput, assetInput]);
export const outputSchema = z.object({
  jobOutputType: z.enum(ASSET_TYPES),
  uri: uri.nullish(),
  mode: outputMode.nullish(),
  description: text(10_000),
});

function bounded<Value extends z.ZodType>(value: Value) {
  return z
    .record(memberName, value)
    .refine((map) => Object.keys(map).length <= MAX_MEMBERS, `holds more than ${MAX_MEMBERS} entries`)
    .nullish()
    .transform((map) => map ?? {});
}

/** Longest time a command may run, in milliseconds; whole ARM durations only. */
export const limitsSchema = z
  .object({
    timeout: z
      .string()
      .refine((given) => (durationMs(given) ?? 0) > 0, 'is no ISO 8601 duration such as PT1H')
      .nullish(),
  })
  .nullish();

const labels = {
  description: text(10_000),
  tags: stringMapSchema,
  properties: stringMapSchema,
  displayName: text(255),
  isArchived: z.boolean().nullish().default(false),
};
const common = {
  ...labels,
  experimentName: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/, 'is no experiment name: letters, digits, dashes, underscores')
    .nullish()
    .transform((given) => given ?? 'Default'),
  computeId: text(1024),
  identity: z.record(z.string(), z.unknown()).nullish(),
  inputs: bounded(inputSchema),
  outputs: bounded(outputSchema).transform(({ default: _filledIn, ...named }) => named),
};

const oneMachine = z
  .object({ instanceCount: z.literal(1, 'must be 1: a local job runs on this machine').nullish() })
  .loose()
  .nullish();

const commandJob = z.object({
  ...common,
  jobType: z.literal('Command'),
  command: z.string().trim().min(1).max(32_768),
  environmentId: z.string().min(1).max(1024),
  codeId: text(1024),
  environmentVariables: z.record(z.string().regex(/^[^=\0]{1,255}$/), z.string().max(32_768)).nullish(),
  limits: limitsSchema,
  resources: oneMachine,
  distribution: z.null('is not run here: a local job is one process').optional(),
});

const pipelineJob = z.object({
  ...common,
  jobType: z.literal('Pipeline'),
  settings: z.record(z.string(), z.unknown()).nullish(),
  jobs: z.record(memberName, z.record(z.string(), z.unknown())),
});

export const jobBodySchema = z.object({
  properties: z.preprocess(canonicalType, z.discriminatedUnion('jobType', [commandJob, pipelineJob])),
});

export type JobInput = z.output<typeof inputSchema>;
export type JobOutput = z.output<typeof outputSchema>;
export type CommandProperties = z.output<typeof commandJob>;
export type PipelineProperties = z.output<typeof pipelineJob>;
export type JobProperties = CommandProperties | PipelineProperties;

function canonicalType(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('jobType' in given)) return given;
  const word = String(given.jobType);
  const known = ['Command', 'Pipeline'].find((type) => type.toLowerCase() === word.toLowerCase());
  return { ...given, jobType: known ?? word };
}
