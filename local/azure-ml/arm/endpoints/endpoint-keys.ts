/** The keys and tokens of an endpoint: read them, make a new one. */
import { randomBytes } from 'node:crypto';
import { type ArmCall, type ArmReply, ok } from '../protocol/arm-call.ts';
import { ArmError, parseBody } from '../protocol/arm-error.ts';
import type { AuthMode, EndpointRecord } from '../records/endpoint-record.ts';
import { type EndpointContext, requireEndpoint, requireIdle, startOnEndpoint } from './endpoint-context.ts';
import { regenerateKeysSchema } from './endpoint-schema.ts';

export function newKey(): string {
  return randomBytes(32).toString('base64url');
}

export function listKeys(context: EndpointContext, call: ArmCall): ArmReply {
  const endpoint = requireEndpoint(context, call);
  requireMode(endpoint, 'Key');
  return ok(endpoint.keys);
}

export function regenerateKeys(context: EndpointContext, call: ArmCall): ArmReply {
  const endpoint = requireEndpoint(context, call);
  requireMode(endpoint, 'Key');
  requireIdle(endpoint);
  const { keyType, keyValue } = parseBody(regenerateKeysSchema, call.body);
  const member = keyType === 'Primary' ? 'primaryKey' : 'secondaryKey';
  const operation = startOnEndpoint(context, endpoint, `POST ${call.url}`, {
    work: async () => ({ ok: true }),
    settle: (outcome) => {
      if (!outcome.ok) return;
      endpoint.keys = { ...endpoint.keys, [member]: keyValue ?? newKey() };
      context.serving.setKeys(endpoint.name, endpoint.keys);
    },
    result: () => ({}),
  });
  return context.replies.accepted(call, operation);
}

/** A call that belongs to another authentication mode is refused. */
export function requireMode(endpoint: EndpointRecord, mode: AuthMode): void {
  if (endpoint.authMode === mode) return;
  throw new ArmError(
    400,
    'BadRequest',
    `The endpoint '${endpoint.name}' authenticates by ${endpoint.authMode}; this call needs authentication by ${mode}.`,
  );
}
