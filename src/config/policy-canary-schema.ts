/** The parts of a policy file that say how green is judged: steps, shadow, metrics, approval and bake. */
import { z } from 'zod';
import type { DeploymentName } from '../domain/ids/names.ts';
import { durationSeconds } from './duration.ts';
import { outcomesSchema, predictionsSchema } from './policy-outcome-schema.ts';

const MAX_BUCKETS = 10_080;
const MAX_STEPS = 20;

const dwellBuckets = z.int().min(1).max(MAX_BUCKETS);

export const shadowSchema = z.strictObject({ mirrorPercent: z.int().min(1).max(50), dwellBuckets });

export const bakeSchema = z.strictObject({ dwellBuckets });

export const stepsSchema = z
  .array(z.strictObject({ weight: z.int().min(1).max(99), dwellBuckets }))
  .max(MAX_STEPS)
  .superRefine((steps, ctx) => {
    for (const [index, step] of steps.entries()) {
      const before = steps[index - 1];
      if (!before || step.weight > before.weight) continue;
      const message = `${step.weight} must be more than ${before.weight}, the weight of the step before`;
      ctx.addIssue({ code: 'custom', path: [index, 'weight'], message });
    }
  });

/** The smallest grain of Azure Monitor's request metric is one minute; shorter buckets serve the local stack. */
const bucketSeconds = z
  .int()
  .min(1)
  .max(3600)
  .refine((seconds) => seconds < 60 || seconds % 60 === 0, 'must be below 60 or a whole number of minutes')
  .default(60);

export const errorsSchema = z
  .strictObject({
    marginPercentagePoints: z.number().min(0).max(50).default(0.2),
    promoteMarginPercentagePoints: z.number().min(0.01).max(50).default(0.75),
  })
  .refine((metric) => metric.promoteMarginPercentagePoints >= metric.marginPercentagePoints, {
    path: ['promoteMarginPercentagePoints'],
    message: 'must not be below marginPercentagePoints',
  })
  .transform((metric) => ({
    margin: metric.marginPercentagePoints / 100,
    promoteMargin: metric.promoteMarginPercentagePoints / 100,
  }));

export const latencySchema = z
  .strictObject({
    marginPercent: z.number().min(0).max(1000).default(10),
    promoteMarginPercent: z.number().min(1).max(1000).default(35),
    promoteQuantiles: z
      .array(z.union([z.literal(50), z.literal(95), z.literal(99)]))
      .min(1)
      .max(3)
      .default([50, 95, 99]),
  })
  .refine((metric) => metric.promoteMarginPercent >= metric.marginPercent, {
    path: ['promoteMarginPercent'],
    message: 'must not be below marginPercent',
  })
  .transform((metric) => ({
    margin: metric.marginPercent / 100,
    promoteMargin: metric.promoteMarginPercent / 100,
    promoteQuantiles: metric.promoteQuantiles,
  }));

const risk = z.number().min(0.0001).max(0.5);

/** At least 1: less than independence there is not. */
const effect = z.number().min(1).max(100).default(1.5);

/** The default floor is the largest effect that a measurement would still take for chance. */
const designEffectSchema = z.strictObject({
  errors: effect,
  latency: effect,
  replica: z
    .string()
    .regex(/^[A-Za-z](?:-?[A-Za-z0-9])*$/, 'must be the name of a deployment')
    .min(3)
    .max(32)
    .transform((name) => name as DeploymentName)
    .nullable()
    .default(null),
});

export const metricsSchema = z
  .strictObject({
    bucketSeconds,
    settleBuckets: z.int().min(0).max(60).default(3),
    latestBuckets: z.int().min(1).max(120).default(10),
    noDataBuckets: z.int().min(1).max(120).default(3),
    warmUpBuckets: z.int().min(0).max(60).default(3),
    soakBuckets: z.int().min(1).max(MAX_BUCKETS).default(10),
    horizonBuckets: z.int().min(2).max(MAX_BUCKETS).default(60),
    onHorizon: z.enum(['extend', 'hold', 'rollback']).default('hold'),
    alpha: risk.default(0.05),
    beta: risk.default(0.05),
    betaStep: risk.default(0.2),
    designEffect: designEffectSchema.prefault({}),
    errors: errorsSchema.prefault({}),
    latency: latencySchema.prefault({}),
    predictions: predictionsSchema.nullable().default(null),
    outcomes: outcomesSchema.nullable().default(null),
  })
  .refine((metrics) => metrics.latestBuckets >= metrics.settleBuckets, {
    path: ['latestBuckets'],
    message: 'must not be below settleBuckets',
  })
  .refine((metrics) => metrics.horizonBuckets >= metrics.soakBuckets, {
    path: ['horizonBuckets'],
    message: 'must not be below soakBuckets',
  })
  .refine((metrics) => metrics.betaStep >= metrics.beta, {
    path: ['betaStep'],
    message: 'must not be below beta',
  });

export const approvalSchema = z
  .strictObject({
    before: z
      .array(z.int().min(1).max(100))
      .min(1)
      .max(MAX_STEPS + 1),
    timeout: durationSeconds('1s', '30d'),
  })
  .transform(({ before, timeout }) => ({ beforeWeights: before, timeoutSeconds: timeout }));

export const timingSchema = z
  .strictObject({
    poll: durationSeconds('1s', '10m').default(10),
    trafficTimeout: durationSeconds('10s', '1d').default(600),
    rolloutTimeout: durationSeconds('1m', '30d').default(172_800),
  })
  .transform(({ poll, trafficTimeout, rolloutTimeout }) => ({
    pollSeconds: poll,
    trafficTimeoutSeconds: trafficTimeout,
    rolloutTimeoutSeconds: rolloutTimeout,
  }));
