/** PUT of an online deployment: creates it, or replaces it; instances restart only when what they run has changed. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DataCollection } from '../../seams/data-collection.ts';
import { type EndpointContext, requireEndpoint, requireIdle, startOnEndpoint } from '../endpoints/endpoint-context.ts';
import { type ArmCall, type ArmReply, param } from '../protocol/arm-call.ts';
import { ArmError, parseBody } from '../protocol/arm-error.ts';
import { requireServingName } from '../protocol/names.ts';
import type { OperationOutcome } from '../protocol/operations.ts';
import { stamp } from '../protocol/system-data.ts';
import type { DeploymentRecord, DeploymentSettings } from '../records/deployment-record.ts';
import { type DeploymentBody, deploymentBodySchema } from '../records/deployment-schema.ts';
import type { EndpointRecord } from '../records/endpoint-record.ts';
import { requireCollection } from './collection-targets.ts';
import { type DeploymentAssets, requireAssets } from './deployment-assets.ts';
import { copyDeploymentFiles } from './deployment-files.ts';
import { showDeployment } from './deployment-reply.ts';
import { deploymentSpec } from './deployment-spec.ts';

const MAX_DEPLOYMENTS = 20;

export function putDeployment(context: EndpointContext, call: ArmCall): ArmReply {
  const endpoint = requireEndpoint(context, call);
  const name = param(call, 'deployment');
  requireServingName(name);
  requireIdle(endpoint);
  const body = parseBody(deploymentBodySchema, call.body);
  const assets = requireAssets(context, body.properties);
  const known = endpoint.deployments.get(name.toLowerCase());
  const settings = settingsOf(body, known, call.apiVersion.hasNewerMembers);
  const owner = { endpointName: endpoint.name, deploymentName: known?.name ?? name };
  const collection = requireCollection(context, owner, settings.properties.dataCollector);
  const deployment = known ?? create(context, call, endpoint, name, body.location, settings);
  deployment.state = known ? 'Updating' : 'Creating';
  const operation = startOnEndpoint(context, endpoint, `PUT ${call.url}`, {
    work: (signal) => bringUp(context, endpoint, deployment, settings, { ...assets, collection }, signal),
    settle: (outcome) => apply(context, call, deployment, settings, outcome),
  });
  deployment.operationUrl = context.replies.statusUrl(call, operation);
  const shown = showDeployment(context, endpoint, { ...deployment, settings }, call.apiVersion.hasNewerMembers);
  return context.replies.written(call, operation, known ? 200 : 201, shown);
}

/** The instance count stays when a body brings no sku. An older api-version loses the data collector. */
function settingsOf(
  body: DeploymentBody,
  known: DeploymentRecord | undefined,
  hasNewerMembers: boolean,
): DeploymentSettings {
  const { dataCollector, ...properties } = body.properties;
  return {
    tags: body.tags,
    kind: body.kind,
    identity: body.identity,
    instanceCount: body.sku?.capacity ?? known?.settings.instanceCount ?? 1,
    properties: hasNewerMembers && dataCollector ? { ...properties, dataCollector } : properties,
  };
}

function create(
  context: EndpointContext,
  call: ArmCall,
  endpoint: EndpointRecord,
  name: string,
  location: string,
  settings: DeploymentSettings,
): DeploymentRecord {
  if (endpoint.state === 'Failed' && endpoint.scoringUri === null) {
    throw new ArmError(400, 'BadRequest', `The endpoint '${endpoint.name}' was not created successfully.`);
  }
  if (endpoint.deployments.size >= MAX_DEPLOYMENTS) {
    const message = `The endpoint '${endpoint.name}' has ${MAX_DEPLOYMENTS} deployments, its limit. Delete one first.`;
    throw new ArmError(400, 'OutOfQuota', message);
  }
  const deployment: DeploymentRecord = {
    name,
    location,
    settings,
    state: 'Creating',
    wasReady: false,
    systemData: stamp(context.clock.nowMs(), call.callerId),
    storageLog: [],
  };
  endpoint.deployments.set(name.toLowerCase(), deployment);
  return deployment;
}

async function bringUp(
  context: EndpointContext,
  endpoint: EndpointRecord,
  deployment: DeploymentRecord,
  settings: DeploymentSettings,
  assets: DeploymentAssets & { readonly collection: DataCollection | undefined },
  signal: AbortSignal,
): Promise<OperationOutcome> {
  if (deployment.wasReady && runsTheSame(deployment.settings, settings)) {
    if (settings.instanceCount === deployment.settings.instanceCount) return { ok: true };
    return context.serving.scaleDeployment(endpoint.name, deployment.name, settings.instanceCount);
  }
  const folder = join(context.deployFolder, endpoint.name, deployment.name, randomUUID());
  const { scoringScript } = settings.properties.codeConfiguration;
  const copied = await copyDeploymentFiles(context.artifacts, assets, scoringScript, folder);
  if (!copied.ok) return copied;
  deployment.storageLog = copied.log;
  const outcome = await context.serving.startDeployment(
    deploymentSpec(endpoint.name, deployment.name, settings, copied, assets.collection),
    signal,
  );
  const unused = outcome.ok ? deployment.folder : folder;
  if (outcome.ok) deployment.folder = folder;
  if (unused) await rm(unused, { recursive: true, force: true });
  return outcome;
}

/** Labels do not touch the instances; data collection does, because a collector reads its settings once, at its start. */
function runsTheSame(current: DeploymentSettings, wanted: DeploymentSettings): boolean {
  const running = ({ properties }: DeploymentSettings) => {
    const { description, properties: labels, ...rest } = properties;
    return rest;
  };
  return isDeepStrictEqual(running(current), running(wanted));
}

/** An update that failed changes nothing; before the first success the deployment shows what was asked for last. */
function apply(
  context: EndpointContext,
  call: ArmCall,
  deployment: DeploymentRecord,
  settings: DeploymentSettings,
  outcome: OperationOutcome,
): void {
  deployment.state = outcome.ok ? 'Succeeded' : 'Failed';
  if (!outcome.ok && deployment.wasReady) return;
  deployment.wasReady = outcome.ok;
  deployment.settings = settings;
  deployment.systemData = stamp(context.clock.nowMs(), call.callerId, deployment.systemData);
}
