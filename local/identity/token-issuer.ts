/** Makes the bearer tokens of the local identity: JWTs with the claims that receivers of Entra ID tokens read. */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningKey } from './signing-key.ts';

/** The managed identity that all local tokens stand for. */
export interface IdentityPrincipal {
  readonly tenantId: string;
  readonly objectId: string;
  readonly clientId: string;
}

export interface IssuedToken {
  readonly value: string;
  readonly expiresOnSeconds: number;
}

/** Issues a token whose audience is `resource`, exactly as asked for. */
export type TokenIssuer = (resource: string) => Promise<IssuedToken>;

export interface TokenIssuerOptions {
  readonly key: SigningKey;
  readonly principal: IdentityPrincipal;
  readonly nowMs: () => number;
  readonly lifeMs: number;
}

/** Clocks of receivers may be behind; tokens are valid from this long before they are made. */
const NOT_BEFORE_SLACK_SECONDS = 300;

export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const { principal } = options;
  return async (resource) => {
    const nowSeconds = Math.floor(options.nowMs() / 1000);
    const expiresOnSeconds = nowSeconds + Math.floor(options.lifeMs / 1000);
    const value = await new SignJWT({
      oid: principal.objectId,
      tid: principal.tenantId,
      appid: principal.clientId,
      idtyp: 'app',
      ver: '1.0',
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: options.key.id })
      .setIssuer(`https://sts.windows.net/${principal.tenantId}/`)
      .setAudience(resource)
      .setSubject(principal.objectId)
      .setIssuedAt(nowSeconds)
      .setNotBefore(nowSeconds - NOT_BEFORE_SLACK_SECONDS)
      .setExpirationTime(expiresOnSeconds)
      .setJti(randomUUID())
      .sign(options.key.privateKey);
    return { value, expiresOnSeconds };
  };
}
