/** Lets a request in only with a valid operator token of the wanted scope. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { Clock } from '../../ports/clock.ts';
import type { Tokens } from '../../ports/tokens.ts';
import { problem } from './reply.ts';

export type Authorization =
  | { readonly ok: true; readonly subject: string }
  | { readonly ok: false; readonly reply: HttpResponseInit };

const CHALLENGE = { 'www-authenticate': 'Bearer realm="slipway"' };

export async function authorize(
  request: HttpRequest,
  scope: 'read' | 'operate',
  ports: { readonly tokens: Tokens; readonly clock: Clock },
): Promise<Authorization> {
  const token = /^Bearer (\S{1,4000})$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (!token) {
    const message = 'Send an operator token as "Authorization: Bearer <token>"; "npm run token" mints one.';
    return { ok: false, reply: problem(401, 'TokenMissing', message, undefined, CHALLENGE) };
  }
  const check = await ports.tokens.check(token, ports.clock.nowMs());
  if (!check.ok)
    return { ok: false, reply: problem(401, `Token${pascal(check.code)}`, check.reason, undefined, CHALLENGE) };
  const { grant, subject } = check.claims;
  if (grant.kind !== 'operator' || !grant.scopes.includes(scope)) {
    return { ok: false, reply: problem(403, 'ScopeMissing', `The token does not allow to ${scope} rollouts.`) };
  }
  return { ok: true, subject };
}

function pascal(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
