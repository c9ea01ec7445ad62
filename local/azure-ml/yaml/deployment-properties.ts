/** Translates the settings of a deployment's YAML into ARM members; seconds and milliseconds become durations. */
import { dataCollectorBody } from './data-collection.ts';
import type { DeploymentYaml } from './yaml-schemas.ts';

const TITLES = { enabled: 'Enabled', disabled: 'Disabled' } as const;

/** Everything but the references to model, code and environment. `workspaceId` is the workspace's ARM id. */
export function deploymentProperties(spec: DeploymentYaml, workspaceId: string): object {
  return {
    endpointComputeType: 'Managed',
    description: spec.description,
    properties: spec.properties,
    environmentVariables: spec.environment_variables,
    instanceType: spec.instance_type,
    appInsightsEnabled: spec.app_insights_enabled,
    egressPublicNetworkAccess: spec.egress_public_network_access && TITLES[spec.egress_public_network_access],
    requestSettings: requestSettings(spec.request_settings),
    livenessProbe: probe(spec.liveness_probe),
    readinessProbe: probe(spec.readiness_probe),
    dataCollector: dataCollectorBody(spec, workspaceId),
  };
}

function requestSettings(given: DeploymentYaml['request_settings']): object | undefined {
  return (
    given && {
      requestTimeout: duration(given.request_timeout_ms),
      maxConcurrentRequestsPerInstance: given.max_concurrent_requests_per_instance,
      maxQueueWait: duration(given.max_queue_wait_ms),
    }
  );
}

function probe(given: DeploymentYaml['liveness_probe']): object | undefined {
  return (
    given && {
      initialDelay: seconds(given.initial_delay),
      period: seconds(given.period),
      timeout: seconds(given.timeout),
      successThreshold: given.success_threshold,
      failureThreshold: given.failure_threshold,
    }
  );
}

function duration(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `PT${ms / 1000}S`;
}

function seconds(count: number | undefined): string | undefined {
  return count === undefined ? undefined : `PT${count}S`;
}
