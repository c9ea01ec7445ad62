/** The ModelPlatform port over Azure ML's control plane. */
import type { DeploymentName, EndpointName } from '../../domain/ids/names.ts';
import type { TrafficSplit } from '../../domain/rollout/traffic-split.ts';
import type { DeploymentSpec, ModelPlatform, WriteOutcome } from '../../ports/model-platform.ts';
import { statusOf } from '../calls/status-of.ts';
import { isRetryable } from './arm-error.ts';
import { type ArmRequests, armPath, createArmRequests } from './arm-requests.ts';
import { type AzureMlClient, type AzureMlTarget, callSignal } from './azure-ml-client.ts';
import { ensureCollectionAssets } from './data-collection.ts';
import { deploymentBody, viewOfDeployment } from './deployment-resource.ts';
import { endpointWithSplit, parseEndpoint, viewOfEndpoint } from './endpoint-resource.ts';
import { getModelVersion, listModelVersions, mergeModelVersionTags } from './model-versions.ts';

export function createModelPlatform(client: AzureMlClient, target: AzureMlTarget): ModelPlatform {
  const arm = createArmRequests(client, target);
  return {
    getModelVersion: (model, version) => getModelVersion(client, target, model, version),
    listModelVersions: (model, limit) => listModelVersions(client, target, model, limit),
    mergeModelVersionTags: (model, version, tags) => mergeModelVersionTags(arm, model, version, tags),
    async getEndpoint(endpoint) {
      const body = await arm.get(armPath('onlineEndpoints', endpoint));
      return body === null ? null : viewOfEndpoint(endpoint, parseEndpoint(body));
    },
    putTraffic: (endpoint, split) => putTraffic(arm, endpoint, split),
    async getDeployment(endpoint, deployment) {
      const body = await arm.get(deploymentPath(endpoint, deployment));
      return body === null ? null : viewOfDeployment(deployment, body);
    },
    putDeployment: (spec) => putDeployment(arm, spec),
    deleteDeployment: (endpoint, deployment) => arm.write('DELETE', deploymentPath(endpoint, deployment)),
    getDeploymentLog: (endpoint, deployment, tail) => getDeploymentLog(client, target, endpoint, deployment, tail),
  };
}

async function putTraffic(arm: ArmRequests, endpoint: EndpointName, split: TrafficSplit): Promise<WriteOutcome> {
  const path = armPath('onlineEndpoints', endpoint);
  const body = await arm.get(path);
  if (body === null) return { kind: 'refused', reason: `Endpoint ${endpoint} does not exist.` };
  return arm.write('PUT', path, endpointWithSplit(parseEndpoint(body), split));
}

async function putDeployment(arm: ArmRequests, spec: DeploymentSpec): Promise<WriteOutcome> {
  const endpoint = await arm.get(armPath('onlineEndpoints', spec.endpoint));
  if (endpoint === null) return { kind: 'refused', reason: `Endpoint ${spec.endpoint} does not exist.` };
  const made = deploymentBody(arm.workspaceId, parseEndpoint(endpoint).location, spec);
  if (!made.ok) return { kind: 'refused', reason: made.reason };
  const collected = spec.dataCollection && (await ensureCollectionAssets(arm, spec, spec.dataCollection));
  if (collected && collected.kind !== 'accepted') return collected;
  return arm.write('PUT', deploymentPath(spec.endpoint, spec.deployment), made.body);
}

/** A deployment that never started may have no log: that is an empty log, not a failure. */
async function getDeploymentLog(
  client: AzureMlClient,
  { resourceGroup, workspace }: AzureMlTarget,
  endpoint: EndpointName,
  deployment: DeploymentName,
  tail: number,
): Promise<string> {
  const body = { containerType: 'InferenceServer', tail };
  const options = { abortSignal: callSignal() };
  try {
    const { onlineDeployments } = await client();
    const log = await onlineDeployments.getLogs(resourceGroup, workspace, endpoint, deployment, body, options);
    return log.content ?? '';
  } catch (error) {
    const status = statusOf(error);
    if (status === null || isRetryable(status)) throw error;
    return '';
  }
}

function deploymentPath(endpoint: EndpointName, deployment: DeploymentName): string {
  return armPath('onlineEndpoints', endpoint, 'deployments', deployment);
}
