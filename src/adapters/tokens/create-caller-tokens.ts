/**
 * The CallerTokens port: access tokens of one Entra tenant, checked against the tenant's published keys.
 * Claims: Microsoft identity platform documentation, "Access token claims reference" (appid in tokens of version 1.0, azp in
 * version 2.0) and "Access tokens" (issuers of both versions).
 */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { CallerCheck, CallerTokens } from '../../ports/caller-tokens.ts';

export interface CallerTokensTarget {
  /** Without a trailing slash; `https://login.microsoftonline.com`. */
  readonly loginEndpoint: string;
  readonly tenantId: string;
  /** The app's registration: its application id URI, its client id, or both. */
  readonly audiences: readonly string[];
  /** Client id of the application that may call. */
  readonly caller: string;
}

const ALGORITHM = 'RS256';
const MAX_TOKEN_LENGTH = 8192;
const CLOCK_TOLERANCE_SECONDS = 60;
const KEYS_TIMEOUT_MS = 5000;

const payloadSchema = z.looseObject({ tid: z.string(), appid: z.string().optional(), azp: z.string().optional() });

export function createCallerTokens(target: CallerTokensTarget): CallerTokens {
  const url = new URL(`${target.loginEndpoint}/${target.tenantId}/discovery/keys`);
  const keys = createRemoteJWKSet(url, { timeoutDuration: KEYS_TIMEOUT_MS });
  return { check: (token, asOfMs) => check(target, keys, token, asOfMs) };
}

async function check(
  target: CallerTokensTarget,
  keys: JWTVerifyGetKey,
  token: string,
  asOfMs: number,
): Promise<CallerCheck> {
  if (token.length > MAX_TOKEN_LENGTH) return refused('malformed', 'The token is too long.');
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [ALGORITHM],
      issuer: [`https://sts.windows.net/${target.tenantId}/`, `${target.loginEndpoint}/${target.tenantId}/v2.0`],
      audience: [...target.audiences],
      requiredClaims: ['exp', 'tid'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(asOfMs),
    });
    return callerOf(target, payload);
  } catch (error) {
    return refusalOf(error);
  }
}

function callerOf({ tenantId, caller }: CallerTokensTarget, payload: JWTPayload): CallerCheck {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return refused('malformed', 'The token does not say who it was issued to.');
  const application = parsed.data.appid ?? parsed.data.azp ?? '';
  if (!sameId(parsed.data.tid, tenantId)) return refused('forged', 'The token is of another tenant.');
  if (!sameId(application, caller))
    return refused('stranger', `Application ${application.slice(0, 64)} may not send alerts.`);
  return { ok: true, application };
}

/** A key document that cannot be read says nothing about the token: that is thrown, for the caller to try again. */
function refusalOf(error: unknown): CallerCheck {
  if (error instanceof errors.JWTExpired) return refused('expired', 'The token has expired.');
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) throw error;
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) {
    return refused('malformed', 'The token is not a JSON Web Token.');
  }
  if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') {
    return refused('forged', 'The token was not issued by this tenant for this app.');
  }
  throw error;
}

function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function refused(code: Extract<CallerCheck, { ok: false }>['code'], reason: string): CallerCheck {
  return { ok: false, code, reason };
}
