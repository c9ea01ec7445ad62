/** Signed tokens for the local emulators, without the identity endpoint. */
import type { TokenCredential } from '@azure/core-auth';
import { SignJWT } from 'jose';
import { type BearerVerifier, createBearerVerifier } from '../../../local/emulator/bearer.ts';

const KEY = new TextEncoder().encode('signs the tokens of the adapter tests');

/** A token for whatever resource the SDK asks for, shaped like one of Entra ID. */
export const testCredential: TokenCredential = {
  async getToken(scopes) {
    const audience = String([scopes].flat()[0]).replace(/\/\.default$/, '');
    const token = await new SignJWT({ oid: 'caller-1' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('https://sts.windows.net/33333333-3333-3333-3333-333333333333/')
      .setAudience(audience)
      .setIssuedAt()
      .setNotBefore('0s')
      .setExpirationTime('1h')
      .sign(KEY);
    return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
  },
};

export const verifyTestToken: BearerVerifier = createBearerVerifier(KEY, () => Date.now());
