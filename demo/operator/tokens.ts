/** Mints tokens as an operator with the app's secret would, and the forged and expired ones that must be refused. */
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';

const ISSUER = 'slipway';
const OPERATOR_LIFE_SECONDS = 900;
const NAME = 'demo operator';

export interface OperatorTokens {
  operator(): Promise<string>;
  /** Names the right approval, signed with a key of an attacker's own. */
  forgedApproval(approvalId: string): Promise<string>;
  /** Signed by the app's key, and past its time. */
  expiredApproval(approvalId: string): Promise<string>;
}

/** `tokenSecret` is the app's setting SLIPWAY_TOKEN_SECRET. */
export function createOperatorTokens(tokenSecret: string, nowMs: () => number): OperatorTokens {
  const secret = Buffer.from(tokenSecret, 'base64url');
  const inSeconds = (seconds: number) => Math.floor(nowMs() / 1000) + seconds;
  return {
    operator: () =>
      sign(
        secret,
        'slipway-operator',
        { kind: 'operator', scopes: ['read', 'operate'] },
        inSeconds(OPERATOR_LIFE_SECONDS),
      ),
    forgedApproval: (approvalId) => sign(randomBytes(48), 'slipway-approval', approval(approvalId), inSeconds(60)),
    expiredApproval: (approvalId) => sign(secret, 'slipway-approval', approval(approvalId), inSeconds(-60)),
  };
}

function approval(approvalId: string): object {
  return { kind: 'approval', approvalId, answer: 'approve' };
}

function sign(secret: Uint8Array, audience: string, grant: object, expiresAtSeconds: number): Promise<string> {
  return new SignJWT({ grant })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setSubject(NAME)
    .setExpirationTime(expiresAtSeconds)
    .sign(secret);
}
