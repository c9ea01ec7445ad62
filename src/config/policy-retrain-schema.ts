/** The `retrain` part of a policy file; `job` is a file beside the policy, which the reader of the folder puts in its place. */
import { z } from 'zod';
import type { RetrainingPolicy } from '../domain/policy/retraining-policy.ts';
import { durationSeconds } from './duration.ts';
import { jobSchema } from './job-document.ts';
import { lossesProblem, lossesUri, withLosses } from './losses-output.ts';
import { schedule } from './setting-shapes.ts';

const MAX_COLUMNS = 500;
/** Each is resampled by itself. */
const MAX_SLICES = 20;

const source = z
  .string()
  .max(1000)
  .regex(
    /^azureml:(?:[A-Za-z0-9_.-]+(?::[A-Za-z0-9._-]+|@latest)|\/\/datastores\/[A-Za-z0-9_]+\/paths\/.+)$/,
    'must be azureml:<name>:<version>, azureml:<name>@latest or azureml://datastores/<name>/paths/<path>',
  );
const columnName = z.string().min(1).max(200);
const share = z.number().min(0).max(1);

const triggers = z
  .strictObject({
    drift: z
      .strictObject({
        monitor: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/, 'must be the name of a model monitor'),
        confirm: z.enum(['required', 'advisory', 'off']).default('required'),
      })
      .nullable()
      .default(null),
    newData: z
      .strictObject({
        container: z
          .string()
          .regex(/^[a-z0-9$][a-z0-9-]{1,62}$/, 'must be the name of a container')
          .nullable()
          .default(null),
        prefix: z.string().max(1000).default(''),
        dataAsset: z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,255}$/, 'must be the name of a data asset')
          .nullable()
          .default(null),
      })
      .refine(({ container, dataAsset }) => container !== null || dataAsset !== null, {
        message: 'says nothing: name a container, a dataAsset, or both',
      })
      .nullable()
      .default(null),
    latencyAlert: z.enum(['retrain', 'scale-out', 'notify']).default('notify'),
    schedule: schedule.nullable().default(null),
  })
  .prefault({});

const data = z.strictObject({
  source,
  label: columnName,
  minRows: z.int().min(1).max(1_000_000_000).default(1000),
  maxNullRate: share.default(0.2),
  columns: z
    .record(columnName, z.enum(['string', 'number', 'integer', 'boolean', 'datetime']))
    .refine((columns) => Object.keys(columns).length <= MAX_COLUMNS, `at most ${MAX_COLUMNS} columns`)
    .default({}),
});

const drift = z.strictObject({
  reference: source,
  window: durationSeconds('1m', '31d').default(86_400),
  features: z
    .record(columnName, z.enum(['numerical', 'categorical']))
    .refine((features) => Object.keys(features).length > 0, 'needs at least one feature'),
});

const gate = z
  .strictObject({
    lossMargin: z.number().default(0),
    confidence: z.number().min(0.5).max(0.9999).default(0.95),
    minRows: z.int().min(200).max(1_000_000_000).default(500),
    slices: z
      .record(
        z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be letters, digits, _ and -'),
        z.strictObject({ lossMargin: z.number().default(0) }),
      )
      .refine((slices) => Object.keys(slices).length <= MAX_SLICES, `at most ${MAX_SLICES} slices`)
      .default({}),
    losses: z.string().min(1).max(255).nullable().default(null),
  })
  .prefault({})
  .transform(({ slices, losses, ...rest }) => ({
    ...rest,
    ...(losses === null ? {} : { losses: { output: losses, uri: lossesUri(losses) } }),
    slices: Object.entries(slices).map(([name, { lossMargin }]) => ({ name, lossMargin })),
  }));

export const retrainSchema = z
  .strictObject({
    triggers,
    coolDown: durationSeconds('0s', '365d').default(86_400),
    data,
    drift: drift.nullable().default(null),
    job: jobSchema,
    jobTimeout: durationSeconds('1m', '30d').default(21_600),
    metricsTimeout: durationSeconds('1m', '7d').default(21_600),
    poll: durationSeconds('1s', '10m').default(60),
    gate,
    register: z
      .strictObject({ tags: z.record(z.string().min(1).max(100), z.string().max(250)).default({}) })
      .prefault({}),
  })
  .refine(
    ({ triggers: { drift: trigger }, drift: reference }) => trigger?.confirm !== 'required' || reference !== null,
    {
      path: ['drift'],
      message: 'is missing: triggers.drift is to be confirmed, so say against which reference',
    },
  )
  .superRefine(({ job, gate: { losses } }, ctx) => {
    const problem = losses && lossesProblem(job, losses.output);
    if (problem) ctx.addIssue({ code: 'custom', path: ['gate', 'losses'], message: problem });
  })
  .transform(
    ({ coolDown, jobTimeout, metricsTimeout, poll, drift: reference, ...rest }): RetrainingPolicy => ({
      ...rest,
      job: withLosses(rest.job, rest.gate.losses ?? null),
      coolDownSeconds: coolDown,
      jobTimeoutSeconds: jobTimeout,
      metricsTimeoutSeconds: metricsTimeout,
      pollSeconds: poll,
      drift: reference && {
        reference: reference.reference,
        windowSeconds: reference.window,
        features: reference.features,
      },
    }),
  );
