/**
 * Checks tokens put on the $cbs node: shared access signatures against the namespace key, bearer tokens against the
 * local identity.
 *
 * Formats: Azure documentation, "Service Bus access control with Shared Access Signatures", and "AMQP 1.0 in Azure
 * Service Bus: protocol guide", claims-based authorization.
 */
import { createHmac } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { BearerVerifier } from '../../emulator/bearer.ts';
import { sameSecret } from '../../emulator/same-secret.ts';
import { BrokerRefusal } from '../core/broker-refusal.ts';
import { pathOf } from './entity-address.ts';

export interface SharedAccessKey {
  readonly name: string;
  readonly key: string;
}

export interface TokenRules {
  readonly sharedAccessKey: SharedAccessKey;
  /** Absent: bearer tokens are refused, as by the official emulator. */
  readonly verifyBearer?: BearerVerifier | undefined;
  readonly nowMs: () => number;
}

export interface PutToken {
  readonly type: string;
  /** The audience: `sb://host:port/entity`. */
  readonly name: string;
  readonly token: string;
}

/** The path that a token opens, and until when. */
export interface Grant {
  readonly path: string;
  readonly expiresAtMs: number;
}

const AUDIENCE = 'https://servicebus.azure.net';

/** Throws unauthorized with the reason. */
export async function checkToken(request: PutToken, rules: TokenRules): Promise<Grant> {
  const path = pathOf(request.name);
  switch (request.type) {
    case 'servicebus.windows.net:sastoken':
      return { path, expiresAtMs: checkSignature(request.token, path, rules) };
    case 'jwt':
      return { path, expiresAtMs: await checkBearer(request.token, rules) };
    default:
      throw refused(`The token type '${request.type}' is not known; use a shared access signature or a bearer token.`);
  }
}

function checkSignature(token: string, path: string, { sharedAccessKey, nowMs }: TokenRules): number {
  const [scheme, fields] = token.split(' ', 2);
  const parameters = new URLSearchParams(fields ?? '');
  const resource = parameters.get('sr') ?? '';
  const encodedResource = /(?:^|&)sr=([^&]*)/.exec(fields ?? '')?.[1] ?? '';
  const expiry = parameters.get('se') ?? '';
  if (scheme !== 'SharedAccessSignature' || !resource || !/^\d{1,12}$/.test(expiry)) {
    throw refused('The token is no shared access signature with sr, se, sig and skn.');
  }
  if (parameters.get('skn') !== sharedAccessKey.name) {
    throw refused(`The signature is by the key '${parameters.get('skn')}'; the key here is '${sharedAccessKey.name}'.`);
  }
  const signed = `${encodedResource}\n${expiry}`;
  const right = createHmac('sha256', sharedAccessKey.key).update(signed).digest('base64');
  if (!sameSecret(parameters.get('sig'), right)) throw refused('The signature does not fit key, resource and expiry.');
  const expiresAtMs = Number(expiry) * 1000;
  if (expiresAtMs <= nowMs()) throw refused('The signature has expired. Sign a new one, and check the clock.');
  const signedPath = pathOf(resource).toLowerCase();
  if (signedPath !== '' && !`${path.toLowerCase()}/`.startsWith(`${signedPath}/`)) {
    throw refused(`The signature is for '${signedPath}', not for '${path}'.`);
  }
  return expiresAtMs;
}

async function checkBearer(token: string, { verifyBearer }: TokenRules): Promise<number> {
  if (!verifyBearer) throw refused('Bearer tokens are not accepted here: the broker was started without an identity.');
  const check = await verifyBearer(`Bearer ${token}`, [AUDIENCE]);
  if (!check.ok) throw refused(check.reason);
  return (decodeJwt(token).exp ?? 0) * 1000;
}

function refused(reason: string): BrokerRefusal {
  return new BrokerRefusal('unauthorized', reason);
}
