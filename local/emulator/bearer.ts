/** Checks bearer tokens of the local identity emulator: signature, expiry and audience. */
import type { webcrypto } from 'node:crypto';
import { errors, jwtVerify } from 'jose';

/** Result of a check: the caller's object id, or why the token is refused. */
export type BearerCheck =
  | { readonly ok: true; readonly objectId: string }
  | { readonly ok: false; readonly reason: string };

/** Verifies an `Authorization` header value against the audiences that a resource accepts. */
export type BearerVerifier = (authorization: string | undefined, audiences: readonly string[]) => Promise<BearerCheck>;

/** Bytes verify HS256, a public key RS256, which the local identity signs with as Entra ID does. */
export type VerifyingKey = Uint8Array | webcrypto.CryptoKey;

/**
 * Makes a verifier for tokens signed with the key that belongs to `key`.
 * Audiences compare without their trailing slashes, as Entra ID issues `https://management.azure.com/` for either form.
 */
export function createBearerVerifier(key: VerifyingKey, nowMs: () => number): BearerVerifier {
  const algorithms = [key instanceof Uint8Array ? 'HS256' : 'RS256'];
  return async (authorization, audiences) => {
    const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    if (!token) return { ok: false, reason: 'The request carries no bearer token.' };
    try {
      const { payload } = await jwtVerify(token, key, { algorithms, currentDate: new Date(nowMs()) });
      const accepted = audiences.map(trimSlashes);
      const given = [payload.aud ?? []].flat().map(trimSlashes);
      if (!given.some((audience) => accepted.includes(audience))) {
        return { ok: false, reason: `The token is for ${given.join(', ')}, not for ${accepted.join(' or ')}.` };
      }
      return { ok: true, objectId: String(payload.oid ?? payload.sub ?? '') };
    } catch (error) {
      const expired = error instanceof errors.JWTExpired;
      return {
        ok: false,
        reason: expired ? 'The token has expired.' : 'The token is malformed or its signature is wrong.',
      };
    }
  };
}

function trimSlashes(audience: string): string {
  return audience.replace(/\/+$/, '');
}
