/** The routes of online endpoints. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../protocol/arm-call.ts';
import { ArmError, parseBody } from '../protocol/arm-error.ts';
import { page } from '../protocol/paging.ts';
import { matchesFilter } from '../protocol/string-map.ts';
import { stamp } from '../protocol/system-data.ts';
import { patchedTags } from '../protocol/tag-patch.ts';
import type { EndpointRecord } from '../records/endpoint-record.ts';
import { type EndpointContext, requireEndpoint, requireIdle, startOnEndpoint } from './endpoint-context.ts';
import { listKeys, regenerateKeys } from './endpoint-keys.ts';
import { putEndpoint } from './endpoint-put.ts';
import { showEndpoint } from './endpoint-reply.ts';
import { endpointPatchSchema } from './endpoint-schema.ts';
import { endpointToken } from './endpoint-token.ts';

const LIST = '/onlineEndpoints';
const ONE = `${LIST}/:endpoint`;

export function endpointRoutes(context: EndpointContext): readonly ArmRoute[] {
  return [
    { method: 'GET', path: LIST, handle: (call) => listEndpoints(context, call) },
    { method: 'GET', path: ONE, handle: (call) => getEndpoint(context, call) },
    { method: 'PUT', path: ONE, handle: (call) => putEndpoint(context, call) },
    { method: 'PATCH', path: ONE, handle: (call) => patchEndpoint(context, call) },
    { method: 'DELETE', path: ONE, handle: (call) => deleteEndpoint(context, call) },
    { method: 'POST', path: `${ONE}/listKeys`, handle: (call) => listKeys(context, call) },
    { method: 'POST', path: `${ONE}/token`, handle: (call) => endpointToken(context, call) },
    { method: 'POST', path: `${ONE}/regenerateKeys`, handle: (call) => regenerateKeys(context, call) },
  ];
}

function getEndpoint(context: EndpointContext, call: ArmCall): ArmReply {
  return ok(showEndpoint(context, requireEndpoint(context, call), call.apiVersion.hasNewerMembers));
}

function listEndpoints(context: EndpointContext, call: ArmCall): ArmReply {
  const name = call.query('name')?.toLowerCase();
  const isKubernetes = call.query('computeType')?.toLowerCase() === 'kubernetes';
  const listed = context.endpoints
    .list()
    .filter(
      (endpoint) =>
        !isKubernetes &&
        (name === undefined || endpoint.name.toLowerCase() === name) &&
        matchesFilter(endpoint.settings.tags, call.query('tags')) &&
        matchesFilter(endpoint.settings.properties, call.query('properties')),
    );
  return page(call, ordered(listed, call.query('orderBy')), (endpoint) =>
    showEndpoint(context, endpoint, call.apiVersion.hasNewerMembers),
  );
}

/** Order words of the list call; the store keeps the order of creation. */
function ordered(endpoints: readonly EndpointRecord[], word: string | undefined): readonly EndpointRecord[] {
  const byUpdate = () =>
    endpoints.toSorted((a, b) => a.systemData.lastModifiedAt.localeCompare(b.systemData.lastModifiedAt));
  switch (word?.toLowerCase()) {
    case undefined:
    case 'createdatdesc':
      return endpoints.toReversed();
    case 'createdatasc':
      return endpoints;
    case 'updatedatasc':
      return byUpdate();
    case 'updatedatdesc':
      return byUpdate().toReversed();
    default:
      throw new ArmError(400, 'BadRequest', `Endpoints cannot be ordered by '${word}'.`);
  }
}

/** Changes tags and identity only; `properties`, traffic among them, are ignored as Azure ignores them. */
function patchEndpoint(context: EndpointContext, call: ArmCall): ArmReply {
  const endpoint = requireEndpoint(context, call);
  requireIdle(endpoint);
  const patch = parseBody(endpointPatchSchema, call.body);
  endpoint.state = 'Updating';
  const operation = startOnEndpoint(context, endpoint, `PATCH ${call.url}`, {
    work: async () => ({ ok: true }),
    settle: (outcome) => {
      endpoint.state = outcome.ok ? 'Succeeded' : 'Failed';
      if (!outcome.ok) return;
      const { settings } = endpoint;
      endpoint.systemData = stamp(context.clock.nowMs(), call.callerId, endpoint.systemData);
      endpoint.settings = {
        ...settings,
        tags: patchedTags(settings.tags, patch.tags),
        identity: patch.identity ?? settings.identity,
      };
    },
    result: (hasNewerMembers) => showEndpoint(context, endpoint, hasNewerMembers),
  });
  return context.replies.accepted(call, operation);
}

/** Takes the deployments with it, live traffic or not. */
function deleteEndpoint(context: EndpointContext, call: ArmCall): ArmReply {
  const endpoint = context.endpoints.find(call.params.endpoint ?? '');
  if (!endpoint) return { status: 204 };
  requireIdle(endpoint);
  endpoint.state = 'Deleting';
  const operation = startOnEndpoint(context, endpoint, `DELETE ${call.url}`, {
    work: async () => {
      const deployments = [...endpoint.deployments.values()];
      await context.serving.closeEndpoint(endpoint.name);
      await Promise.all(deployments.map(({ name }) => context.serving.stopDeployment(endpoint.name, name)));
      await rm(join(context.deployFolder, endpoint.name), { recursive: true, force: true });
      return { ok: true };
    },
    settle: (outcome) => {
      if (outcome.ok) context.endpoints.remove(endpoint);
      else endpoint.state = 'Failed';
    },
  });
  return context.replies.accepted(call, operation);
}
