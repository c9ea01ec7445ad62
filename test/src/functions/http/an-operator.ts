/** Requests to the HTTP API by people with and without the right, and the ports that know them. */
import { HttpRequest } from '@azure/functions';
import type { TokenCheck, TokenGrant } from '../../../../src/ports/tokens.ts';
import { NOW } from '../../domain/a-policy.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';

const GRANTS: Readonly<Record<string, TokenGrant>> = {
  reader: { kind: 'operator', scopes: ['read'] },
  operator: { kind: 'operator', scopes: ['read', 'operate'] },
  writer: { kind: 'operator', scopes: ['operate'] },
  approver: { kind: 'approval', approvalId: 'rollout.flights.air-time.2.1.w50', answer: 'approve' },
};

export function somePorts() {
  const check = async (token: string): Promise<TokenCheck> => {
    const grant = GRANTS[token];
    if (!grant) return { ok: false, code: 'forged', reason: 'The signature is wrong.' };
    return { ok: true, claims: { subject: 'ada', grant, expiresAtMs: Date.parse(NOW) + 1000 } };
  };
  let ids = 0;
  return {
    tokens: { mint: async () => 'minted', check },
    clock: { nowMs: () => Date.parse(NOW) },
    audit: new InMemoryAuditLog(),
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
  };
}

export interface Call {
  readonly method?: 'GET' | 'POST';
  /** The whole header; by default that of somebody who may everything. */
  readonly authorization?: string | null;
  readonly params?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
}

export function aRequest({ method = 'POST', authorization = 'Bearer operator', params = {}, body }: Call): HttpRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new HttpRequest({
    method,
    url: 'https://slipway.example/api/x',
    headers: authorization === null ? {} : { authorization },
    params: { ...params },
    ...(body === undefined ? {} : { body: { string: text } }),
  });
}

export const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
