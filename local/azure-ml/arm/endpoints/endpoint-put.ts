/** PUT of an online endpoint: creates it, or replaces its settings and routing; what the body omits is lost. */
import { isDeepStrictEqual } from 'node:util';
import { type ArmCall, type ArmReply, param } from '../protocol/arm-call.ts';
import { ArmError, badRequest, parseBody } from '../protocol/arm-error.ts';
import { requireServingName } from '../protocol/names.ts';
import type { OperationOutcome } from '../protocol/operations.ts';
import { stamp } from '../protocol/system-data.ts';
import type { EndpointRecord, EndpointSettings, Routing } from '../records/endpoint-record.ts';
import { type EndpointContext, endpointArmId, requireIdle, startOnEndpoint } from './endpoint-context.ts';
import { newKey } from './endpoint-keys.ts';
import { endpointBody } from './endpoint-reply.ts';
import { type EndpointBody, endpointBodySchema } from './endpoint-schema.ts';
import { routingProblems, spelled } from './traffic-rules.ts';

const MAX_ENDPOINTS = 100;

export function putEndpoint(context: EndpointContext, call: ArmCall): ArmReply {
  const name = param(call, 'endpoint');
  requireServingName(name);
  const body = parseBody(endpointBodySchema, call.body);
  const known = context.endpoints.find(name);
  if (known) {
    requireIdle(known);
    requireSameIdentity(known, body);
  }
  const deployments = [...(known?.deployments.values() ?? [])];
  const mirrorTraffic = call.apiVersion.hasNewerMembers ? body.properties.mirrorTraffic : {};
  const routing = spelled({ traffic: body.properties.traffic, mirrorTraffic }, deployments);
  const problems = routingProblems(routing, deployments);
  if (problems.length > 0) throw badRequest(problems);
  const endpoint = known ?? create(context, call, name, body);
  return start(context, call, endpoint, { settings: settingsOf(body), routing, isNew: known === undefined });
}

/** Authentication mode and location are chosen once. */
function requireSameIdentity(endpoint: EndpointRecord, body: EndpointBody): void {
  if (body.location.toLowerCase() !== endpoint.location.toLowerCase()) {
    throw new ArmError(
      409,
      'InvalidResourceLocation',
      `The endpoint '${endpoint.name}' is in '${endpoint.location}' and cannot be put into '${body.location}'.`,
    );
  }
  if (body.properties.authMode !== endpoint.authMode) {
    const message = `The endpoint '${endpoint.name}' has authMode ${endpoint.authMode}, which cannot be changed.`;
    throw badRequest([{ code: 'ImmutableProperty', message, target: 'properties.authMode' }]);
  }
}

function create(context: EndpointContext, call: ArmCall, name: string, body: EndpointBody): EndpointRecord {
  if (context.endpoints.list().length >= MAX_ENDPOINTS) {
    throw new ArmError(400, 'OutOfQuota', `The subscription has ${MAX_ENDPOINTS} online endpoints, its limit.`);
  }
  const { authMode, keys } = body.properties;
  const endpoint: EndpointRecord = {
    name,
    location: body.location,
    authMode,
    keys: { primaryKey: keys?.primaryKey ?? newKey(), secondaryKey: keys?.secondaryKey ?? newKey() },
    settings: settingsOf(body),
    routing: { traffic: {}, mirrorTraffic: {} },
    scoringUri: null,
    state: 'Creating',
    systemData: stamp(context.clock.nowMs(), call.callerId),
    isBusy: false,
    deployments: new Map(),
  };
  context.endpoints.add(endpoint);
  return endpoint;
}

function settingsOf(body: EndpointBody): EndpointSettings {
  const { description, publicNetworkAccess, properties } = body.properties;
  return {
    tags: body.tags,
    kind: body.kind,
    sku: body.sku,
    identity: body.identity,
    description,
    publicNetworkAccess: publicNetworkAccess ?? 'Enabled',
    properties,
  };
}

interface Wanted {
  readonly settings: EndpointSettings;
  readonly routing: Routing;
  readonly isNew: boolean;
}

function start(context: EndpointContext, call: ArmCall, endpoint: EndpointRecord, wanted: Wanted): ArmReply {
  endpoint.state = wanted.isNew ? 'Creating' : 'Updating';
  const operation = startOnEndpoint(context, endpoint, `PUT ${call.url}`, {
    work: async () => {
      endpoint.scoringUri ??= await open(context, endpoint);
      return { ok: true };
    },
    settle: (outcome) => apply(context, call, endpoint, wanted, outcome),
  });
  endpoint.operationUrl = context.replies.statusUrl(call, operation);
  const shown = { ...endpoint, settings: wanted.settings };
  const body = endpointBody(context, shown, wanted.routing, call.apiVersion.hasNewerMembers);
  return context.replies.written(call, operation, wanted.isNew ? 201 : 200, body);
}

function open(context: EndpointContext, endpoint: EndpointRecord): Promise<string> {
  const { name, location, authMode, keys } = endpoint;
  const { name: workspaceName, workspaceId } = context.workspace;
  const resourceId = endpointArmId(context, name);
  return context.serving.openEndpoint(
    { endpointName: name, resourceId, location, workspaceName, workspaceId, authMode },
    keys,
  );
}

/** A failed write changes nothing but the state: the old routing goes on. */
function apply(
  context: EndpointContext,
  call: ArmCall,
  endpoint: EndpointRecord,
  wanted: Wanted,
  outcome: OperationOutcome,
): void {
  endpoint.state = outcome.ok ? 'Succeeded' : 'Failed';
  if (!outcome.ok) return;
  const nowMs = context.clock.nowMs();
  endpoint.settings = wanted.settings;
  endpoint.systemData = stamp(nowMs, call.callerId, endpoint.systemData);
  if (isDeepStrictEqual(endpoint.routing, wanted.routing)) return;
  endpoint.stale = { routing: endpoint.routing, untilMs: nowMs + context.staleReadMs };
  endpoint.routing = wanted.routing;
  context.serving.setRouting(endpoint.name, wanted.routing);
}
