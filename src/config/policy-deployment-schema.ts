/** The `deployment` part of a policy file, within the limits of Azure ML ("Manage and increase quotas", managed online endpoints). */
import { z } from 'zod';
import { templateProblem } from '../domain/policy/template.ts';
import { durationMs, durationSeconds } from './duration.ts';

const MAX_INSTANCES = 50;
const MAX_REQUEST_TIMEOUT_MS = 180_000;
const ASSET = /^azureml:[A-Za-z0-9_-]+[:@][A-Za-z0-9._-]+$/;
const REGISTRY_ASSET =
  /^azureml:\/\/registries\/[A-Za-z0-9_-]+\/(environments|codes)\/[A-Za-z0-9_-]+\/versions\/[A-Za-z0-9._-]+$/;

/** `azureml:<name>:<version>` or a registry reference; placeholders may stand for any part. */
const assetReference = z
  .string()
  .min(1)
  .max(500)
  .superRefine((text, ctx) => {
    const problem = templateProblem(text);
    if (problem) return ctx.addIssue({ code: 'custom', message: problem });
    const filled = text.replace(/\$\{\{[^{}]*\}\}/g, 'x');
    if (ASSET.test(filled) || REGISTRY_ASSET.test(filled)) return;
    ctx.addIssue({
      code: 'custom',
      message:
        'must be an asset reference azureml:<name>:<version> or azureml://registries/<registry>/<kind>/<name>/versions/<version>',
    });
  });

/** Defaults of Azure ML. */
const probe = z
  .strictObject({
    initialDelay: durationMs('0s', '1h').default(10_000),
    period: durationMs('1s', '1h').default(10_000),
    timeout: durationMs('1s', '1h').default(2000),
    successThreshold: z.int().min(1).max(100).default(1),
    failureThreshold: z.int().min(1).max(1000).default(30),
  })
  .transform((value) => ({
    initialDelayMs: value.initialDelay,
    periodMs: value.period,
    timeoutMs: value.timeout,
    successThreshold: value.successThreshold,
    failureThreshold: value.failureThreshold,
  }));

const environmentVariables = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'must be a name of letters, digits and _'),
    z.string().max(4000),
  )
  .refine((variables) => Object.keys(variables).length <= 50, 'at most 50 variables');

/** Names of collections become parts of data asset names and of paths. */
const dataCollection = z.strictObject({
  collections: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9_]{0,63}$/, 'must be a name of lower-case letters, digits and _'))
    .min(1)
    .max(10)
    .refine((names) => new Set(names).size === names.length, 'names a collection twice'),
  samplingRate: z.number().gt(0).max(1).default(1),
});

export const deploymentSchema = z
  .strictObject({
    environment: assetReference,
    code: assetReference,
    scoringScript: z
      .string()
      .regex(/^(?!\/)(?!.*\.\.)[\w./-]{1,200}\.py$/, 'must be the path of a .py file inside the code folder'),
    instanceType: z
      .string()
      .regex(/^[A-Za-z0-9_]{1,60}$/, 'must be the name of a VM size, for example Standard_DS3_v2'),
    instanceCount: z.int().min(1).max(MAX_INSTANCES).default(1),
    maxInstanceCount: z.int().min(1).max(MAX_INSTANCES).nullable().default(null),
    requestTimeoutMs: z.int().min(100).max(MAX_REQUEST_TIMEOUT_MS).default(5000),
    maxConcurrentRequestsPerInstance: z.int().min(1).max(1000).default(1),
    environmentVariables: environmentVariables.default({}),
    livenessProbe: probe.nullable().default(null),
    readinessProbe: probe.nullable().default(null),
    readyTimeout: durationSeconds('10s', '1d').default(1200),
    dataCollection: dataCollection.nullable().default(null),
  })
  .transform(({ livenessProbe, readinessProbe, readyTimeout, ...rest }) => ({
    ...rest,
    liveness: livenessProbe,
    readiness: readinessProbe,
    readyTimeoutSeconds: readyTimeout,
  }));
