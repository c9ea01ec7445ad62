/** A receiver of tokens verifies them with what the authority publishes, and with nothing else. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import { ensureDevCertificates } from '../../../local/emulator/certificates.ts';
import { systemClock } from '../../../local/emulator/clock.ts';
import { startIdentity } from '../../../local/identity/start-identity.ts';
import { startLogin } from '../../../local/identity/start-login.ts';

const principal = {
  tenantId: '00000000-0000-4000-8000-00000000000a',
  objectId: '00000000-0000-4000-8000-00000000000b',
  clientId: '00000000-0000-4000-8000-00000000000c',
};

test('a token verifies with the keys that the metadata names, and one of another tenant does not', async () => {
  const tls = await ensureDevCertificates(await mkdtemp(join(tmpdir(), 'login-')));
  const identity = await startIdentity({ port: 0, clock: systemClock, principal });
  const stranger = await startIdentity({ port: 0, clock: systemClock, principal });
  const login = await startLogin({ port: 0, clock: systemClock, tls, identity });
  const dispatcher = new Agent({ connect: { ca: tls.ca } });
  const read = async (url: string) => (await request(url, { dispatcher })).body.json();
  try {
    const metadata = (await read(`${login.url}/${principal.tenantId}/.well-known/openid-configuration`)) as {
      issuer: string;
      jwks_uri: string;
    };
    const keys = createLocalJWKSet((await read(metadata.jwks_uri)) as JSONWebKeySet);
    const check = async (token: string) =>
      jwtVerify(token, keys, { issuer: metadata.issuer, audience: 'api://slipway', algorithms: ['RS256'] });
    const own = await identity.issueToken('api://slipway');
    expect((await check(own.value)).payload.oid).toBe(principal.objectId);
    await expect(check((await stranger.issueToken('api://slipway')).value)).rejects.toThrow();
    expect((await request(`${login.url}/other/.well-known/openid-configuration`, { dispatcher })).statusCode).toBe(404);
  } finally {
    await Promise.all([identity.stop(), stranger.stop(), login.stop(), dispatcher.close()]);
  }
});
