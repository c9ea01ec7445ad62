/** Who gets in: shared keys over TCP, bearer tokens of the local identity over TLS; nobody else. */
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { TokenCredential } from '@azure/core-auth';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureDevCertificates } from '../../../local/emulator/certificates.ts';
import { systemClock } from '../../../local/emulator/clock.ts';
import { type RunningIdentity, startIdentity } from '../../../local/identity/start-identity.ts';
import { checkToken } from '../../../local/service-bus/amqp/check-token.ts';
import { type RunningServiceBus, startServiceBus } from '../../../local/service-bus/start-service-bus.ts';
import { quickRetries, testConfig } from './amqp-fixture.ts';

const principal = {
  tenantId: '00000000-0000-4000-8000-00000000000a',
  objectId: '00000000-0000-4000-8000-00000000000b',
  clientId: '00000000-0000-4000-8000-00000000000c',
};
const trustedBefore = getCACertificates('default');
let folder: string;
let identity: RunningIdentity;
let bus: RunningServiceBus;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'service-bus-tls-'));
  const tls = await ensureDevCertificates(folder);
  setDefaultCACertificates([...trustedBefore, tls.ca]);
  identity = await startIdentity({ port: 0, clock: systemClock, principal });
  bus = await startServiceBus({
    port: 0,
    amqpPort: 0,
    amqpsPort: 0,
    tls,
    clock: systemClock,
    config: testConfig,
    verifyBearer: identity.verifyBearer,
  });
});
afterAll(async () => {
  await bus.stop();
  await identity.stop();
  setDefaultCACertificates(trustedBefore);
  await rm(folder, { recursive: true });
});

function credentialFor(resource: string): TokenCredential {
  return {
    async getToken() {
      const { value, expiresOnSeconds } = await identity.issueToken(resource);
      return { token: value, expiresOnTimestamp: expiresOnSeconds * 1000 };
    },
  };
}

async function outcomeOfSend(client: ServiceBusClient): Promise<string> {
  try {
    await client.createSender('plain').sendMessages({ body: 'a' });
    return 'sent';
  } catch (error) {
    const [first] = error instanceof AggregateError ? error.errors : [error];
    return String(first.code);
  } finally {
    await client.close();
  }
}

function clientOf(credential: TokenCredential): ServiceBusClient {
  return new ServiceBusClient(bus.fullyQualifiedNamespace ?? '', credential, { retryOptions: quickRetries });
}

test('a token for Service Bus sends and receives over TLS', async () => {
  const client = clientOf(credentialFor('https://servicebus.azure.net'));
  await client.createSender('commands').sendMessages({ body: 'secure', sessionId: 's' });
  const session = await client.acceptSession('commands', 's');
  const [message] = await session.receiveMessages(1, { maxWaitTimeInMs: 5000 });
  expect(message?.body).toBe('secure');
  if (message) await session.completeMessage(message);
  await client.close();
});

test('a token for another resource is refused', async () => {
  expect(await outcomeOfSend(clientOf(credentialFor('https://management.azure.com')))).toBe('UnauthorizedAccess');
});

test('a token that the identity did not issue is refused', async () => {
  const forged: TokenCredential = {
    getToken: async () => ({ token: 'e30.e30.e30', expiresOnTimestamp: Date.now() + 60_000 }),
  };
  expect(await outcomeOfSend(clientOf(forged))).toBe('UnauthorizedAccess');
});

test('a connection string with the right key is let in, one with a wrong key or key name is not', async () => {
  const outcomes = await Promise.all(
    [
      bus.connectionString,
      bus.connectionString.replace(/SharedAccessKey=[^;]*/, 'SharedAccessKey=guess'),
      bus.connectionString.replace('RootManage', 'Other'),
    ].map((text) => outcomeOfSend(new ServiceBusClient(text, { retryOptions: quickRetries }))),
  );
  expect(outcomes).toEqual(['sent', 'UnauthorizedAccess', 'UnauthorizedAccess']);
});

test('a broker without an identity refuses bearer tokens', async () => {
  const rules = { sharedAccessKey: { name: 'k', key: 'secret' }, nowMs: () => 0 };
  await expect(checkToken({ type: 'jwt', name: 'sb://h/plain', token: 'x' }, rules)).rejects.toThrow(
    'started without an identity',
  );
});

const nowMs = 1_000_000_000_000;

function signature(resource: string, expirySeconds: number, key = 'secret'): string {
  const encoded = encodeURIComponent(resource);
  const sig = createHmac('sha256', key).update(`${encoded}\n${expirySeconds}`).digest('base64');
  return `SharedAccessSignature sr=${encoded}&sig=${encodeURIComponent(sig)}&se=${expirySeconds}&skn=k`;
}

test.each([
  ['for the entity', signature('sb://h/plain', nowMs / 1000 + 60), undefined],
  ['for the whole namespace', signature('sb://h/', nowMs / 1000 + 60), undefined],
  ['for another entity', signature('sb://h/events', nowMs / 1000 + 60), "is for 'events', not for 'plain'"],
  ['for an entity whose name begins alike', signature('sb://h/pla', nowMs / 1000 + 60), "is for 'pla'"],
  ['that has expired', signature('sb://h/plain', nowMs / 1000), 'has expired'],
  ['by another key', signature('sb://h/plain', nowMs / 1000 + 60, 'guess'), 'does not fit'],
  ['without its parts', 'SharedAccessSignature sr=x', 'is no shared access signature'],
])('a signature %s is judged', async (_what, token, problem) => {
  const rules = { sharedAccessKey: { name: 'k', key: 'secret' }, nowMs: () => nowMs };
  const check = checkToken({ type: 'servicebus.windows.net:sastoken', name: 'sb://h/plain', token }, rules);
  if (problem) await expect(check).rejects.toThrow(problem);
  else expect(await check).toEqual({ path: 'plain', expiresAtMs: nowMs + 60_000 });
});
