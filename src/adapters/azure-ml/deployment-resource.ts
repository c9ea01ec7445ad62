/** Reads an online deployment, and makes the body that creates one. */
import { z } from 'zod';
import type { DeploymentName, ModelName, ModelVersion } from '../../domain/ids/names.ts';
import type { ProbeTemplate } from '../../domain/policy/policy.ts';
import type { DeploymentSpec, DeploymentView } from '../../ports/model-platform.ts';
import { assetId, modelOf } from './asset-id.ts';
import { dataCollectorBody } from './data-collection.ts';

const deploymentSchema = z.looseObject({
  tags: z.record(z.string(), z.string()).nullish(),
  sku: z.looseObject({ capacity: z.number().nullish() }).nullish(),
  properties: z.looseObject({ provisioningState: z.string(), model: z.string().nullish() }),
});

export function viewOfDeployment(deployment: DeploymentName, body: unknown): DeploymentView {
  const { tags, sku, properties } = deploymentSchema.parse(body);
  const served = modelOf(properties.model ?? '');
  return {
    deployment,
    provisioningState: properties.provisioningState,
    instanceCount: sku?.capacity ?? 1,
    model: (served?.model ?? null) as ModelName | null,
    modelVersion: (served?.version ?? null) as ModelVersion | null,
    tags: tags ?? {},
  };
}

export type DeploymentBody =
  | { readonly ok: true; readonly body: object }
  | { readonly ok: false; readonly reason: string };

/** The PUT body of a managed deployment in `location`; a reference that names no asset is a reason. */
export function deploymentBody(workspaceId: string, location: string, spec: DeploymentSpec): DeploymentBody {
  const environmentId = assetId(workspaceId, 'environments', spec.environment);
  const codeId = assetId(workspaceId, 'codes', spec.code);
  const wrong = [environmentId ? null : spec.environment, codeId ? null : spec.code].filter((text) => text !== null);
  if (wrong.length > 0) {
    return { ok: false, reason: `No asset reference of the form azureml:<name>:<version>: ${wrong.join(', ')}.` };
  }
  const body = {
    location,
    tags: spec.tags,
    sku: { name: 'Default', capacity: spec.instanceCount },
    properties: {
      endpointComputeType: 'Managed',
      model: assetId(workspaceId, 'models', `azureml:${spec.model}:${spec.version}`),
      environmentId,
      codeConfiguration: { codeId, scoringScript: spec.scoringScript },
      environmentVariables: spec.environmentVariables,
      instanceType: spec.instanceType,
      scaleSettings: { scaleType: 'Default' },
      requestSettings: {
        requestTimeout: isoDuration(spec.requestTimeoutMs),
        maxConcurrentRequestsPerInstance: spec.maxConcurrentRequestsPerInstance,
      },
      ...(spec.liveness ? { livenessProbe: probeBody(spec.liveness) } : {}),
      ...(spec.readiness ? { readinessProbe: probeBody(spec.readiness) } : {}),
      ...(spec.dataCollection ? { dataCollector: dataCollectorBody(workspaceId, spec, spec.dataCollection) } : {}),
    },
  };
  return { ok: true, body };
}

function probeBody(probe: ProbeTemplate): object {
  return {
    initialDelay: isoDuration(probe.initialDelayMs),
    period: isoDuration(probe.periodMs),
    timeout: isoDuration(probe.timeoutMs),
    successThreshold: probe.successThreshold,
    failureThreshold: probe.failureThreshold,
  };
}

/** ISO 8601 in seconds, for example `PT3S` or `PT0.5S`. */
function isoDuration(ms: number): string {
  return `PT${ms / 1000}S`;
}
