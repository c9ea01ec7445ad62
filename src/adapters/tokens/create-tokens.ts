/**
 * The Tokens port: JSON Web Tokens signed with HMAC SHA-256. Approval links and operator tokens have audiences of their
 * own, so that one never passes for the other.
 */
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { TokenCheck, TokenClaims, TokenGrant, Tokens } from '../../ports/tokens.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'slipway';
const AUDIENCES: Readonly<Record<TokenGrant['kind'], string>> = {
  operator: 'slipway-operator',
  approval: 'slipway-approval',
};
const MIN_SECRET_BYTES = 32;
const MAX_TOKEN_LENGTH = 4096;

const grantSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('operator'), scopes: z.array(z.enum(['read', 'operate'])) }),
  z.strictObject({ kind: z.literal('approval'), approvalId: z.string(), answer: z.enum(['approve', 'decline']) }),
]);
const payloadSchema = z.object({ sub: z.string(), exp: z.number(), aud: z.string(), grant: grantSchema });

/** Expiry has whole seconds, rounded down. The secret must have at least 32 bytes. */
export function createTokens(secret: Uint8Array): Tokens {
  if (secret.byteLength < MIN_SECRET_BYTES)
    throw new Error(`The token secret has less than ${MIN_SECRET_BYTES} bytes.`);
  return {
    mint: ({ subject, grant, expiresAtMs }) =>
      new SignJWT({ grant })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCES[grant.kind])
        .setSubject(subject)
        .setExpirationTime(Math.floor(expiresAtMs / 1000))
        .sign(secret),
    check: (token, asOfMs) => check(secret, token, asOfMs),
  };
}

async function check(secret: Uint8Array, token: string, asOfMs: number): Promise<TokenCheck> {
  if (token.length > MAX_TOKEN_LENGTH) return malformed('The token is too long.');
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: Object.values(AUDIENCES),
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(asOfMs),
    });
    return claimsOf(payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { ok: false, code: 'expired', reason: 'The token has expired.' };
    if (isForgery(error))
      return { ok: false, code: 'forged', reason: 'The token was not signed by this app for this use.' };
    if (error instanceof errors.JOSEError) return malformed('The token is not a JSON Web Token of this app.');
    throw error;
  }
}

function claimsOf(payload: unknown): TokenCheck {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return malformed('The token lacks what it should say.');
  const { sub, exp, aud, grant } = parsed.data;
  if (aud !== AUDIENCES[grant.kind])
    return { ok: false, code: 'forged', reason: 'The token was issued for another use.' };
  const claims: TokenClaims = { subject: sub, grant, expiresAtMs: exp * 1000 };
  return { ok: true, claims };
}

function isForgery(error: unknown): boolean {
  return (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JWTClaimValidationFailed
  );
}

function malformed(reason: string): TokenCheck {
  return { ok: false, code: 'malformed', reason };
}
