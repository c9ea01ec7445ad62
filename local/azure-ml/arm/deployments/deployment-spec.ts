/** Translates a deployment's ARM settings into what the serving plane runs; durations become milliseconds. */
import type { DataCollection } from '../../seams/data-collection.ts';
import type { DeploymentSpec, ProbeSettings } from '../../seams/serving-plane.ts';
import { durationMs } from '../protocol/iso-duration.ts';
import type { DeploymentSettings } from '../records/deployment-record.ts';
import type { DeploymentBody } from '../records/deployment-schema.ts';

export function deploymentSpec(
  endpointName: string,
  deploymentName: string,
  settings: DeploymentSettings,
  folders: { readonly modelFolder: string; readonly codeFolder: string },
  dataCollection: DataCollection | undefined,
): DeploymentSpec {
  const { properties, instanceCount } = settings;
  return {
    endpointName,
    deploymentName,
    modelFolder: folders.modelFolder,
    codeFolder: folders.codeFolder,
    scoringScript: properties.codeConfiguration.scoringScript,
    environmentVariables: properties.environmentVariables,
    instanceCount,
    requestTimeoutMs: checkedMs(properties.requestSettings.requestTimeout),
    maxConcurrentRequestsPerInstance: properties.requestSettings.maxConcurrentRequestsPerInstance,
    liveness: probe(properties.livenessProbe),
    readiness: probe(properties.readinessProbe),
    ...(dataCollection ? { dataCollection } : {}),
  };
}

function probe(given: DeploymentBody['properties']['livenessProbe']): ProbeSettings {
  return {
    initialDelayMs: checkedMs(given.initialDelay),
    periodMs: checkedMs(given.period),
    timeoutMs: checkedMs(given.timeout),
    successThreshold: given.successThreshold,
    failureThreshold: given.failureThreshold,
  };
}

/** The schema has refused everything that is no duration. */
function checkedMs(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw new Error(`'${text}' passed validation but is no duration.`);
  return ms;
}
