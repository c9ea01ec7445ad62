/** Tokens of callers against the local sign-in authority: who passes, who does not, and what an outage is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { systemClock } from '../../../../local/emulator/clock.ts';
import type { RunningEmulator } from '../../../../local/emulator/server.ts';
import { type RunningIdentity, startIdentity } from '../../../../local/identity/start-identity.ts';
import { startLogin } from '../../../../local/identity/start-login.ts';
import { PRINCIPAL } from '../../../../local/stack/local-azure.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import { createCallerTokens } from '../../../../src/adapters/tokens/create-caller-tokens.ts';

const AUDIENCE = 'api://slipway';
let folder: string;
let identity: RunningIdentity;
let login: RunningEmulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-callers-'));
  const tls = await ensureDevCertificates(folder);
  trustDevCa(tls.ca);
  identity = await startIdentity({ port: 0, clock: systemClock, principal: PRINCIPAL });
  login = await startLogin({ port: 0, clock: systemClock, tls, identity });
});
afterAll(async () => {
  await login.stop();
  await identity.stop();
  rmSync(folder, { recursive: true });
});

function tokens(changes: { caller?: string; audiences?: string[]; tenantId?: string; loginEndpoint?: string } = {}) {
  return createCallerTokens({
    loginEndpoint: login.url,
    tenantId: PRINCIPAL.tenantId,
    audiences: ['5b0d9a2e-0000-4000-8000-00000000abcd', AUDIENCE],
    caller: PRINCIPAL.clientId,
    ...changes,
  });
}

const issue = async (audience = AUDIENCE) => (await identity.issueToken(audience)).value;

async function forge(token: string): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256');
  const kid = String(identity.publicJwk.kid);
  return new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
}

describe('a caller', () => {
  test('with a token of the tenant for this app is let in by its application id', async () => {
    expect(await tokens().check(await issue(), Date.now())).toEqual({ ok: true, application: PRINCIPAL.clientId });
    const upperCase = tokens({ caller: PRINCIPAL.clientId.toUpperCase() });
    expect(await upperCase.check(await issue(), Date.now())).toMatchObject({ ok: true });
  });

  test('of another application is a stranger', async () => {
    const other = tokens({ caller: '461e8683-5575-4561-ac7f-899cc907d62a' });
    expect(await other.check(await issue(), Date.now())).toMatchObject({ ok: false, code: 'stranger' });
  });

  test('with a token for another app, an old one, or one that is none, is refused', async () => {
    const { check } = tokens();
    expect(await check(await issue('https://management.azure.com'), Date.now())).toMatchObject({ code: 'forged' });
    expect(await check(await issue(), Date.now() + 3 * 86_400_000)).toMatchObject({ code: 'expired' });
    expect(await check('nonsense', Date.now())).toMatchObject({ code: 'malformed' });
    expect(await check('x'.repeat(9000), Date.now())).toMatchObject({ code: 'malformed' });
  });

  test('who signs the right claims with another key, or not at all, is refused', async () => {
    const { check } = tokens();
    const token = await issue();
    expect(await check(await forge(token), Date.now())).toMatchObject({ code: 'forged' });
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    expect(await check(`${none}.${token.split('.')[1]}.`, Date.now())).toMatchObject({ ok: false });
    const hmac = await new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
    expect(await check(hmac, Date.now())).toMatchObject({ code: 'forged' });
  });

  test('is neither let in nor refused while the keys cannot be read', async () => {
    const token = await issue();
    const unreachable = tokens({ loginEndpoint: 'https://localhost:1' });
    await expect(unreachable.check(token, Date.now())).rejects.toThrow();
    login.faults.arm({
      match: { path: `/${PRINCIPAL.tenantId}/discovery/keys` },
      action: { type: 'fail', status: 503 },
    });
    await expect(tokens().check(token, Date.now())).rejects.toThrow();
  });
});
