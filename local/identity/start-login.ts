/**
 * The sign-in authority of the local Azure, as far as a receiver of tokens needs it: the OpenID Connect metadata and the
 * signing keys of the one tenant, over TLS.
 *
 * Wire shape: Microsoft identity platform documentation, "OpenID Connect on the Microsoft identity platform" (metadata
 * document) and "Access tokens" (tokens of version 1.0 are issued by `https://sts.windows.net/<tenant>/`).
 */
import type { DevCertificates } from '../emulator/certificates.ts';
import type { Clock } from '../emulator/clock.ts';
import { type RunningEmulator, startEmulator } from '../emulator/server.ts';
import type { RunningIdentity } from './start-identity.ts';

export interface LoginOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly tls: DevCertificates;
  readonly identity: Pick<RunningIdentity, 'tenantId' | 'publicJwk'>;
}

/** Its URL stands for `https://login.microsoftonline.com`. Fails when the port is taken. */
export async function startLogin({ port, clock, tls, identity }: LoginOptions): Promise<RunningEmulator> {
  const { tenantId, publicJwk } = identity;
  let base = '';
  const login = await startEmulator({
    name: 'login',
    port,
    clock,
    tls,
    register(app) {
      app.get(`/${tenantId}/.well-known/openid-configuration`, async () => ({
        issuer: `https://sts.windows.net/${tenantId}/`,
        jwks_uri: `${base}/${tenantId}/discovery/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
      }));
      app.get(`/${tenantId}/discovery/keys`, async () => ({ keys: [publicJwk] }));
    },
  });
  base = login.url;
  return login;
}
