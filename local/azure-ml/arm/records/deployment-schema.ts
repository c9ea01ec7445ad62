/** Bodies that a client may send for online deployments, with Azure's documented defaults and bounds. */
import { z } from 'zod';
import { ROLLING_RATES } from '../../seams/data-collection.ts';
import { anyCaseEnum } from '../protocol/any-case-enum.ts';
import { durationMs } from '../protocol/iso-duration.ts';
import { stringMapSchema } from '../protocol/string-map.ts';

const MAX_REQUEST_TIMEOUT_MS = 180_000;
/** Per deployment ("Manage and increase quotas"). */
export const MAX_INSTANCES = 50;

/** An ISO-8601 duration; the text is kept, because replies show it as it was written. */
function duration(defaultText: string, maxMs: number) {
  return z
    .string()
    .max(40)
    .nullish()
    .transform((text) => text ?? defaultText)
    .refine((text) => durationMs(text) !== undefined, 'is no ISO-8601 duration such as PT5S')
    .refine((text) => (durationMs(text) ?? 0) <= maxMs, `is longer than ${maxMs / 1000} seconds`);
}

const whole = (defaultValue: number, max: number) =>
  z
    .int()
    .min(1)
    .max(max)
    .nullish()
    .transform((value) => value ?? defaultValue);

const HOUR_MS = 3_600_000;

const probeSchema = z
  .object({
    initialDelay: duration('PT10S', HOUR_MS),
    period: duration('PT10S', HOUR_MS).refine((text) => (durationMs(text) ?? 0) >= 1000, 'is shorter than 1 second'),
    timeout: duration('PT2S', HOUR_MS),
    successThreshold: whole(1, 1000),
    failureThreshold: whole(30, 1000),
  })
  .nullish()
  .transform((probe) => probe ?? DEFAULT_PROBE);

const DEFAULT_PROBE = {
  initialDelay: 'PT10S',
  period: 'PT10S',
  timeout: 'PT2S',
  successThreshold: 1,
  failureThreshold: 30,
};

const requestSettingsSchema = z
  .object({
    maxConcurrentRequestsPerInstance: whole(1, 1000),
    requestTimeout: duration('PT5S', MAX_REQUEST_TIMEOUT_MS),
    maxQueueWait: duration('PT0.5S', MAX_REQUEST_TIMEOUT_MS),
  })
  .nullish()
  .transform(
    (given) => given ?? { maxConcurrentRequestsPerInstance: 1, requestTimeout: 'PT5S', maxQueueWait: 'PT0.5S' },
  );

const collectionSchema = z.object({
  dataCollectionMode: anyCaseEnum(['Enabled', 'Disabled']).nullish(),
  samplingRate: z.number().min(0).max(1).nullish(),
  dataId: z.string().max(1024).nullish(),
  clientId: z.string().max(255).nullish(),
});

const dataCollectorSchema = z.object({
  collections: z.record(z.string().max(255), collectionSchema),
  rollingRate: anyCaseEnum(ROLLING_RATES).nullish(),
  requestLogging: z.object({ captureHeaders: z.array(z.string().max(255)).max(100).nullish() }).nullish(),
});

const propertiesSchema = z.object({
  endpointComputeType: z.literal('Managed', 'only Managed deployments are emulated'),
  description: z.string().max(10_000).nullish(),
  model: z.string('is required: deployments without a model are not emulated').min(1).max(1024),
  environmentId: z.string('is required').min(1).max(1024),
  codeConfiguration: z.object(
    {
      codeId: z.string('is required').min(1).max(1024),
      scoringScript: z
        .string()
        .min(1)
        .max(255)
        .regex(/^(?!.*\.\.)[\w][\w./-]*$/, 'is no path inside the code folder'),
    },
    'is required: MLflow deployments without a scoring script are not emulated',
  ),
  environmentVariables: stringMapSchema,
  instanceType: z.string('is required').min(1).max(100),
  modelMountPath: z.string().max(255).nullish(),
  appInsightsEnabled: z.boolean().nullish().default(false),
  egressPublicNetworkAccess: anyCaseEnum(['Enabled', 'Disabled']).nullish().default('Enabled'),
  scaleSettings: z
    .object({ scaleType: z.literal('Default', 'managed deployments scale by sku.capacity or by autoscale rules') })
    .nullish()
    .transform((given) => given ?? { scaleType: 'Default' as const }),
  requestSettings: requestSettingsSchema,
  livenessProbe: probeSchema,
  readinessProbe: probeSchema,
  dataCollector: dataCollectorSchema.nullish(),
  properties: stringMapSchema,
});

const capacity = z.int().min(1).max(MAX_INSTANCES);

export const deploymentBodySchema = z.object({
  location: z.string().min(1).max(100),
  tags: stringMapSchema,
  kind: z.string().max(100).nullish(),
  identity: z.record(z.string(), z.unknown()).nullish(),
  sku: z.object({ name: z.string().max(100).nullish(), capacity: capacity.nullish() }).nullish(),
  properties: propertiesSchema,
});

export type DeploymentBody = z.output<typeof deploymentBodySchema>;

/** PATCH knows tags and the instance count only. */
export const deploymentPatchSchema = z.object({
  tags: z.record(z.string().max(512), z.string().max(32_768).nullable()).nullish(),
  sku: z.object({ capacity: capacity.nullish() }).nullish(),
});

export const logsRequestSchema = z.object({
  containerType: anyCaseEnum(['InferenceServer', 'StorageInitializer']).nullish(),
  tail: z.int().min(1).max(10_000).nullish(),
});
