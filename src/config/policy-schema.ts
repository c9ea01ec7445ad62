/** The whole policy file: what it may say, its defaults, and the RolloutPolicy that comes out. */
import { z } from 'zod';
import type { EndpointName, ModelName } from '../domain/ids/names.ts';
import type { RolloutPolicy } from '../domain/policy/policy.ts';
import {
  approvalSchema,
  bakeSchema,
  metricsSchema,
  shadowSchema,
  stepsSchema,
  timingSchema,
} from './policy-canary-schema.ts';
import { DEFAULT_STEPS } from './policy-cross-checks.ts';
import { deploymentSchema } from './policy-deployment-schema.ts';
import { retrainSchema } from './policy-retrain-schema.ts';
import { smokeTestSchema } from './policy-smoke-schema.ts';

const endpointName = z
  .string()
  .min(3)
  .max(32)
  .regex(
    /^[A-Za-z](?:-?[A-Za-z0-9])*$/,
    'must begin with a letter and hold letters, digits and single dashes (3 to 32)',
  )
  .transform((name) => name as EndpointName);

const modelName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/,
    'must be the name of a registered model (letters, digits, - and _, no dot)',
  )
  .transform((name) => name as ModelName);

const keepOrDelete = z.enum(['delete', 'keep']).default('delete');

const monitorSchema = z.strictObject({
  schedule: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/, 'must be the name of a schedule of the workspace'),
  reference: z.enum(['training-data', 'keep']).default('training-data'),
});

const FIELDS = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9](?:-?[a-z0-9]){0,59}$/,
      'must be a name of lower-case letters, digits and single dashes (1 to 60)',
    ),
  endpoint: endpointName,
  model: modelName,
  deployment: deploymentSchema,
  smokeTest: smokeTestSchema,
  shadow: shadowSchema.nullable().default(null),
  steps: stepsSchema.default(DEFAULT_STEPS),
  metrics: metricsSchema.prefault({}),
  approval: approvalSchema.nullable().default(null),
  bake: bakeSchema.default({ dwellBuckets: 30 }),
  keep: z.strictObject({ blue: keepOrDelete, rejectedGreen: keepOrDelete }).prefault({}),
  whenBusy: z.enum(['wait', 'supersede']).default('wait'),
  timing: timingSchema.prefault({}),
  monitor: monitorSchema.nullable().default(null),
  retrain: retrainSchema.nullable().default(null),
});

/** Strict: an unknown key is refused, so that a misspelt one is never a silent default. */
export const policySchema = FIELDS.transform(({ metrics, ...rest }): RolloutPolicy => ({ ...rest, canary: metrics }));
