/** The routes of online deployments. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EndpointContext,
  endpointArmId,
  requireEndpoint,
  requireIdle,
  startOnEndpoint,
} from '../endpoints/endpoint-context.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok, param } from '../protocol/arm-call.ts';
import { badRequest, notFound, parseBody } from '../protocol/arm-error.ts';
import { page } from '../protocol/paging.ts';
import { stamp } from '../protocol/system-data.ts';
import { patchedTags } from '../protocol/tag-patch.ts';
import type { DeploymentRecord } from '../records/deployment-record.ts';
import { deploymentPatchSchema, logsRequestSchema, MAX_INSTANCES } from '../records/deployment-schema.ts';
import type { EndpointRecord, Shares } from '../records/endpoint-record.ts';
import { putDeployment } from './deployment-put.ts';
import { showDeployment } from './deployment-reply.ts';

const LIST = '/onlineEndpoints/:endpoint/deployments';
const ONE = `${LIST}/:deployment`;
const DEFAULT_TAIL_LINES = 1000;

export function deploymentRoutes(context: EndpointContext): readonly ArmRoute[] {
  return [
    { method: 'GET', path: LIST, handle: (call) => listDeployments(context, call) },
    { method: 'GET', path: ONE, handle: (call) => getDeployment(context, call) },
    { method: 'PUT', path: ONE, handle: (call) => putDeployment(context, call) },
    { method: 'PATCH', path: ONE, handle: (call) => patchDeployment(context, call) },
    { method: 'DELETE', path: ONE, handle: (call) => deleteDeployment(context, call) },
    { method: 'POST', path: `${ONE}/getLogs`, handle: (call) => getLogs(context, call) },
    { method: 'GET', path: `${ONE}/skus`, handle: (call) => listSkus(context, call) },
  ];
}

function requireDeployment(context: EndpointContext, call: ArmCall): [EndpointRecord, DeploymentRecord] {
  const endpoint = requireEndpoint(context, call);
  const name = param(call, 'deployment');
  const deployment = endpoint.deployments.get(name.toLowerCase());
  if (!deployment) throw notFound(`${endpointArmId(context, endpoint.name)}/deployments/${name}`);
  return [endpoint, deployment];
}

function getDeployment(context: EndpointContext, call: ArmCall): ArmReply {
  const [endpoint, deployment] = requireDeployment(context, call);
  return ok(showDeployment(context, endpoint, deployment, call.apiVersion.hasNewerMembers));
}

function listDeployments(context: EndpointContext, call: ArmCall): ArmReply {
  const endpoint = requireEndpoint(context, call);
  return page(call, [...endpoint.deployments.values()], (deployment) =>
    showDeployment(context, endpoint, deployment, call.apiVersion.hasNewerMembers),
  );
}

function patchDeployment(context: EndpointContext, call: ArmCall): ArmReply {
  const [endpoint, deployment] = requireDeployment(context, call);
  requireIdle(endpoint);
  const patch = parseBody(deploymentPatchSchema, call.body);
  const instanceCount = patch.sku?.capacity ?? deployment.settings.instanceCount;
  const isScaling = instanceCount !== deployment.settings.instanceCount;
  if (isScaling && !deployment.wasReady) throw badRequest([neverReady(deployment)]);
  deployment.state = isScaling ? 'Scaling' : 'Updating';
  const operation = startOnEndpoint(context, endpoint, `PATCH ${call.url}`, {
    work: async () =>
      isScaling ? context.serving.scaleDeployment(endpoint.name, deployment.name, instanceCount) : { ok: true },
    settle: (outcome) => {
      deployment.state = outcome.ok ? 'Succeeded' : 'Failed';
      if (!outcome.ok) return;
      const { settings } = deployment;
      deployment.settings = { ...settings, instanceCount, tags: patchedTags(settings.tags, patch.tags) };
      deployment.systemData = stamp(context.clock.nowMs(), call.callerId, deployment.systemData);
    },
    result: (hasNewerMembers) => showDeployment(context, endpoint, deployment, hasNewerMembers),
  });
  return context.replies.accepted(call, operation);
}

function neverReady({ name }: DeploymentRecord) {
  const message = `The deployment '${name}' never became ready and cannot be scaled. Delete it, or put it again.`;
  return { code: 'ResourceNotReady', message, target: 'sku.capacity' };
}

function deleteDeployment(context: EndpointContext, call: ArmCall): ArmReply {
  const endpoint = requireEndpoint(context, call);
  const deployment = endpoint.deployments.get(param(call, 'deployment').toLowerCase());
  if (!deployment) return { status: 204 };
  requireIdle(endpoint);
  requireNoTraffic(endpoint, deployment);
  deployment.state = 'Deleting';
  const operation = startOnEndpoint(context, endpoint, `DELETE ${call.url}`, {
    work: async () => {
      await context.serving.stopDeployment(endpoint.name, deployment.name);
      await rm(join(context.deployFolder, endpoint.name, deployment.name), { recursive: true, force: true });
      return { ok: true };
    },
    settle: (outcome) => {
      if (outcome.ok) remove(endpoint, deployment);
      else deployment.state = 'Failed';
    },
  });
  return context.replies.accepted(call, operation);
}

function requireNoTraffic({ routing }: EndpointRecord, { name }: DeploymentRecord): void {
  const held = [
    ...((routing.traffic[name] ?? 0) > 0 ? [`${routing.traffic[name]} percent of the live traffic`] : []),
    ...((routing.mirrorTraffic[name] ?? 0) > 0 ? [`${routing.mirrorTraffic[name]} percent mirrored traffic`] : []),
  ];
  if (held.length === 0) return;
  const message = `The deployment '${name}' has ${held.join(' and ')}. Set its traffic to 0 before deleting it.`;
  throw badRequest([{ code: 'DeploymentHasTraffic', message, target: 'properties.traffic' }]);
}

function remove(endpoint: EndpointRecord, { name }: DeploymentRecord): void {
  endpoint.deployments.delete(name.toLowerCase());
  const without = (shares: Shares) => Object.fromEntries(Object.entries(shares).filter(([other]) => other !== name));
  const { traffic, mirrorTraffic } = endpoint.routing;
  endpoint.routing = { traffic: without(traffic), mirrorTraffic: without(mirrorTraffic) };
  delete endpoint.stale;
}

function getLogs(context: EndpointContext, call: ArmCall): ArmReply {
  const [endpoint, deployment] = requireDeployment(context, call);
  const { containerType, tail } = parseBody(logsRequestSchema, call.body);
  const lines = tail ?? DEFAULT_TAIL_LINES;
  const isStorage = containerType === 'StorageInitializer';
  const content = isStorage
    ? deployment.storageLog.slice(-lines).join('\n')
    : context.serving.logs(endpoint.name, deployment.name, lines);
  return ok({ content });
}

function listSkus(context: EndpointContext, call: ArmCall): ArmReply {
  requireDeployment(context, call);
  const sku = {
    resourceType: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments',
    sku: { name: 'Default', tier: 'Standard' },
    capacity: { minimum: 1, maximum: MAX_INSTANCES, default: 1, scaleType: 'Manual' },
  };
  return ok({ value: [sku] });
}
