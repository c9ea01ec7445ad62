/** The parts of a command component that a pipeline step runs ("CLI (v2) command component YAML schema"). */
import { z } from 'zod';
import { ASSET_TYPES } from '../state/job-schema.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const isTrue = z.union([z.boolean(), z.string().transform((text) => text.toLowerCase() === 'true')]);

const inputSpec = z.object({
  type: z.string().min(1).max(50),
  default: scalar.nullish(),
  optional: isTrue.nullish(),
});

export const componentSpecSchema = z.object({
  type: z.literal('command', 'is not run here: only command components are').optional(),
  command: z.string().min(1).max(32_768),
  environment: z.string().min(1).max(1024),
  code: z.string().max(1024).nullish(),
  inputs: z
    .record(z.string(), inputSpec)
    .nullish()
    .transform((given) => given ?? {}),
  outputs: z
    .record(z.string(), z.object({ type: z.enum(ASSET_TYPES) }))
    .nullish()
    .transform((given) => given ?? {}),
  environment_variables: z.record(z.string(), scalar).nullish(),
});

export type ComponentSpec = z.output<typeof componentSpecSchema>;
