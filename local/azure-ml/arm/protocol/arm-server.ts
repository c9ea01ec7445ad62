/**
 * Puts the ARM routes on the HTTP server.
 *
 * 1. No call reaches a handler without a valid token for Azure Resource Manager and a known api-version.
 * 2. Another subscription, resource group or workspace than the emulated one is answered with ARM's 404.
 * 3. A resource type without a route is answered with ARM's 404; every refusal has the ARM error body.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import type { BearerVerifier } from '../../../emulator/bearer.ts';
import { requireApiVersion } from './api-version.ts';
import type { ArmCall, ArmReply, ArmRoute } from './arm-call.ts';
import { ArmError, armErrorBody } from './arm-error.ts';
import { PROVIDER, type WorkspaceOptions } from './workspace.ts';

const AUDIENCES = ['https://management.azure.com', 'https://management.core.windows.net'];
const SCOPE_PATHS = {
  subscription: `/subscriptions/:subscription/providers/${PROVIDER}`,
  workspace: `/subscriptions/:subscription/resourceGroups/:group/providers/${PROVIDER}/workspaces/:workspace`,
};

export interface ArmServerOptions {
  readonly workspace: WorkspaceOptions;
  readonly verifyBearer: BearerVerifier;
}

export function installArmRoutes(app: FastifyInstance, options: ArmServerOptions, routes: readonly ArmRoute[]): void {
  app.setErrorHandler((error, _request, reply) => sendError(error, reply));
  app.setNotFoundHandler(async (request) => {
    await makeCall(request, options);
    throw unknownResourceType(request);
  });
  for (const route of routes) {
    app.route({
      method: route.method,
      url: SCOPE_PATHS[route.scope ?? 'workspace'] + route.path,
      handler: async (request, reply) => {
        const call = await makeCall(request, options);
        requireScope(call, options.workspace);
        return send(await route.handle(call), reply);
      },
    });
  }
}

async function makeCall(request: FastifyRequest, options: ArmServerOptions): Promise<ArmCall> {
  const check = await options.verifyBearer(request.headers.authorization, AUDIENCES);
  if (!check.ok) throw new ArmError(401, 'InvalidAuthenticationToken', check.reason);
  const query = queryReader(request);
  return {
    params: (request.params ?? {}) as Record<string, string>,
    query,
    body: request.body,
    apiVersion: requireApiVersion(query('api-version')),
    callerId: check.objectId,
    baseUrl: `${request.protocol}://${request.host}`,
    url: request.url,
  };
}

/** The SDK re-appends its own query parameters to a nextLink, so a name may come twice: the first one counts. */
function queryReader(request: FastifyRequest): (name: string) => string | undefined {
  const first = new Map<string, string>();
  for (const [name, value] of Object.entries(request.query as Record<string, string | string[]>)) {
    const text = Array.isArray(value) ? value[0] : value;
    const key = name.toLowerCase();
    if (text !== undefined && !first.has(key)) first.set(key, text);
  }
  return (name) => first.get(name.toLowerCase());
}

function requireScope(call: ArmCall, workspace: WorkspaceOptions): void {
  const expected: readonly [string, string, string, string][] = [
    ['subscription', workspace.subscriptionId, 'SubscriptionNotFound', 'subscription'],
    ['group', workspace.resourceGroup, 'ResourceGroupNotFound', 'resource group'],
    ['workspace', workspace.name, 'ResourceNotFound', 'workspace'],
  ];
  for (const [name, value, code, word] of expected) {
    const given = call.params[name];
    if (given !== undefined && given.toLowerCase() !== value.toLowerCase()) {
      throw new ArmError(404, code, `There is no ${word} '${given}' here; the emulated ${word} is '${value}'.`);
    }
  }
}

function unknownResourceType(request: FastifyRequest): ArmError {
  const path = request.url.split('?')[0] ?? '';
  return new ArmError(
    404,
    'InvalidResourceType',
    `No resource type answers ${request.method} ${path}. Check the path, or see the list in local/azure-ml/README.md.`,
  );
}

function send(answer: ArmReply, reply: FastifyReply): FastifyReply {
  reply.code(answer.status).headers({ 'x-ms-request-id': randomUUID(), ...answer.headers });
  return answer.body === undefined ? reply.send() : reply.type('application/json; charset=utf-8').send(answer.body);
}

function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  const { status, code, message, details } = asArmError(error);
  if (status === 401) reply.header('www-authenticate', `Bearer error="invalid_token", error_description="${message}"`);
  return send({ status, body: armErrorBody({ code, message, details }) }, reply);
}

function asArmError(error: unknown): ArmError {
  if (error instanceof ArmError) return error;
  if (error instanceof ZodError) return new ArmError(400, 'BadRequest', error.message);
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode && statusCode < 500)
    return new ArmError(statusCode, 'BadRequest', message ?? 'The request is invalid.');
  return new ArmError(500, 'InternalServerError', `The emulator failed: ${message ?? String(error)}`);
}
