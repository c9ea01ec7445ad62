/** The identity endpoint through the unchanged DefaultAzureCredential, and its refusals. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../local/emulator/clock.ts';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { type RunningIdentity, startIdentity } from '../../../local/identity/start-identity.ts';

const principal = {
  tenantId: '00000000-0000-4000-8000-00000000000a',
  objectId: '00000000-0000-4000-8000-00000000000b',
  clientId: '00000000-0000-4000-8000-00000000000c',
};
const run = promisify(execFile);
let identity: RunningIdentity;

beforeEach(async () => {
  identity = await startIdentity({ port: 0, clock: systemClock, principal });
});
afterEach(() => identity.stop());

/** The token cache of managed identity is per process, so each look is a process of its own. */
async function tokenOfChild(scope: string, clientId = '', header = identity.header): Promise<string> {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'print-token.ts'), scope, clientId], {
    env: { PATH: process.env.PATH, IDENTITY_ENDPOINT: identity.endpoint, IDENTITY_HEADER: header },
    timeout: 15_000,
  });
  return (JSON.parse(stdout) as { token: string }).token;
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

function ask(query: string, header?: string): Promise<Response> {
  return fetch(
    `${identity.endpoint}?${query}`,
    header === undefined ? {} : { headers: { 'x-identity-header': header } },
  );
}

test('DefaultAzureCredential without any option gets a token that verifies for its resource only', async () => {
  const token = await tokenOfChild('https://management.azure.com/.default');
  expect(claimsOf(token)).toMatchObject({
    iss: `https://sts.windows.net/${principal.tenantId}/`,
    aud: 'https://management.azure.com',
    oid: principal.objectId,
  });
  expect(await identity.verifyBearer(`Bearer ${token}`, ['https://management.azure.com/'])).toEqual({
    ok: true,
    objectId: principal.objectId,
  });
  expect(await identity.verifyBearer(`Bearer ${token}`, ['https://storage.azure.com'])).toMatchObject({ ok: false });
});

test('a user-assigned identity is found by its client id', async () => {
  const token = await tokenOfChild('https://storage.azure.com/.default', principal.clientId);
  expect(claimsOf(token).aud).toBe('https://storage.azure.com');
});

test('a wrong or missing identity header gets 401 and no token', async () => {
  const query = 'api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com';
  expect((await ask(query)).status).toBe(401);
  expect((await ask(query, 'guess')).status).toBe(401);
  expect((await ask(query, identity.header)).status).toBe(200);
});

test.each([
  ['no resource', 'api-version=2019-08-01'],
  ['an unknown api-version', 'api-version=2017-09-01&resource=https%3A%2F%2Fa'],
  ['an empty resource', 'api-version=2019-08-01&resource='],
  ['an unknown client id', 'api-version=2019-08-01&resource=https%3A%2F%2Fa&client_id=someone'],
])('a query with %s gets 400', async (_what, query) => {
  expect((await ask(query, identity.header)).status).toBe(400);
});

test('a token that has run out is refused as expired', async () => {
  const clock = new ManualClock();
  const shortLived = await startIdentity({ port: 0, clock, principal, tokenLifeMs: 60_000 });
  const { value } = await shortLived.issueToken('https://a');
  await clock.advance(59_000);
  expect(await shortLived.verifyBearer(`Bearer ${value}`, ['https://a'])).toMatchObject({ ok: true });
  await clock.advance(2000);
  expect(await shortLived.verifyBearer(`Bearer ${value}`, ['https://a'])).toEqual({
    ok: false,
    reason: 'The token has expired.',
  });
  await shortLived.stop();
});

test('a token of another stack does not verify', async () => {
  const other = await startIdentity({ port: 0, clock: systemClock, principal });
  const { value } = await other.issueToken('https://a');
  expect(await identity.verifyBearer(`Bearer ${value}`, ['https://a'])).toMatchObject({ ok: false });
  await other.stop();
});
