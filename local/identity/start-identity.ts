/**
 * The App Service identity endpoint of the local Azure: `DefaultAzureCredential` gets its tokens here unchanged.
 *
 * 1. A token is issued only to a caller that sends the secret of IDENTITY_HEADER.
 * 2. Its audience is the resource as asked for, its issuer the tenant, and every emulator can verify its signature.
 *
 * Wire shape: Azure App Service documentation, "How to use managed identities", REST endpoint reference, 2019-08-01.
 */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JWK } from 'jose';
import { type BearerVerifier, createBearerVerifier } from '../emulator/bearer.ts';
import type { Clock } from '../emulator/clock.ts';
import { sameSecret } from '../emulator/same-secret.ts';
import { type RunningEmulator, startEmulator } from '../emulator/server.ts';
import { createSigningKey } from './signing-key.ts';
import { createTokenIssuer, type IdentityPrincipal, type TokenIssuer } from './token-issuer.ts';
import { tokenQuerySchema } from './token-query.ts';

export interface IdentityOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly clock: Clock;
  /** Who the tokens stand for. */
  readonly principal: IdentityPrincipal;
  /** Life of a token; the real service's are one day. Default 24 h. */
  readonly tokenLifeMs?: number;
}

export interface RunningIdentity extends RunningEmulator {
  readonly tenantId: string;
  /** What the tenant's key document holds; serves `startLogin`. */
  readonly publicJwk: JWK;
  /** Value of IDENTITY_ENDPOINT. */
  readonly endpoint: string;
  /** Value of IDENTITY_HEADER. */
  readonly header: string;
  /** Checks the tokens that this identity issued. */
  readonly verifyBearer: BearerVerifier;
  /** A token without the HTTP round trip, for tests and the stack's own set-up calls. */
  readonly issueToken: TokenIssuer;
}

const DAY_MS = 86_400_000;

/** Starts the endpoint with a signing key and a header secret made now; fails when the port is taken. */
export async function startIdentity(options: IdentityOptions): Promise<RunningIdentity> {
  const key = await createSigningKey();
  const header = randomBytes(24).toString('base64url');
  const { clock } = options;
  const issueToken = createTokenIssuer({
    key,
    principal: options.principal,
    nowMs: () => clock.nowMs(),
    lifeMs: options.tokenLifeMs ?? DAY_MS,
  });
  const emulator = await startEmulator({
    name: 'identity',
    port: options.port,
    clock,
    register: (app) => registerTokenRoute(app, header, options.principal.clientId, issueToken),
  });
  const verifyBearer = createBearerVerifier(key.publicKey, () => clock.nowMs());
  return {
    ...emulator,
    tenantId: options.principal.tenantId,
    publicJwk: key.publicJwk,
    endpoint: `${emulator.url}/msi/token`,
    header,
    verifyBearer,
    issueToken,
  };
}

function registerTokenRoute(app: FastifyInstance, header: string, clientId: string, issueToken: TokenIssuer): void {
  app.get('/msi/token', async (request: FastifyRequest, reply: FastifyReply) => {
    if (!sameSecret(request.headers['x-identity-header'], header)) {
      return refuse(
        reply,
        401,
        'Unauthorized',
        'The x-identity-header is missing or is not the value of IDENTITY_HEADER.',
      );
    }
    const query = tokenQuerySchema.safeParse(request.query);
    if (!query.success) {
      return refuse(reply, 400, 'BadRequest', query.error.issues.map((issue) => issue.message).join(' '));
    }
    const { resource, client_id: askedClientId } = query.data;
    if (askedClientId !== undefined && askedClientId.toLowerCase() !== clientId.toLowerCase()) {
      return refuse(reply, 400, 'BadRequest', `No managed identity with client id ${askedClientId} is assigned.`);
    }
    const token = await issueToken(resource);
    return {
      access_token: token.value,
      expires_on: String(token.expiresOnSeconds),
      resource,
      token_type: 'Bearer',
      client_id: clientId,
    };
  });
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ statusCode: status, code, message });
}
