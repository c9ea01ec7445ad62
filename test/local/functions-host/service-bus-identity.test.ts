/** Service Bus by the app's identity over TLS; the host is a process, so that it trusts the certificate. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { ensureDevCertificates } from '../../../local/emulator/certificates.ts';
import { systemClock } from '../../../local/emulator/clock.ts';
import { startIdentity } from '../../../local/identity/start-identity.ts';
import { startServiceBus } from '../../../local/service-bus/start-service-bus.ts';
import { fixture, startHostProcess } from './host-process.ts';

const principal = { tenantId: 't1', objectId: 'o1', clientId: 'c1' };

test('a connection that names only the namespace receives and sends with the identity', async () => {
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'service-bus-identity-'));
    stops.push(() => rm(folder, { recursive: true }));
    const tls = await ensureDevCertificates(folder);
    const identity = await startIdentity({ port: 0, clock: systemClock, principal });
    stops.push(() => identity.stop());
    const bus = await startServiceBus({
      port: 0,
      amqpPort: 0,
      amqpsPort: 0,
      tls,
      clock: systemClock,
      verifyBearer: identity.verifyBearer,
      config: {
        UserConfig: {
          Namespaces: [{ Queues: [{ Name: 'answers' }], Topics: [{ Name: 'news', Subscriptions: [{ Name: 'all' }] }] }],
        },
      },
    });
    stops.push(() => bus.stop());
    const off = ['onOne', 'onMany', 'onSession', 'onManual'].map((name) => [`AzureWebJobs.${name}.Disabled`, 'true']);
    const host = await startHostProcess(['--script-root', fixture('service-bus'), '--port', '0'], {
      ...Object.fromEntries(off),
      ONE_QUEUE: 'one',
      Bus__fullyQualifiedNamespace: bus.fullyQualifiedNamespace,
      NODE_EXTRA_CA_CERTS: tls.caPath,
      IDENTITY_ENDPOINT: identity.endpoint,
      IDENTITY_HEADER: identity.header,
    });
    stops.push(() => host.kill('SIGKILL'));
    const body = JSON.stringify({ answers: ['by identity'] });
    expect((await fetch(`${host.url}/api/publish`, { method: 'POST', body })).status, host.output()).toBe(202);
    const client = new ServiceBusClient(bus.connectionString);
    stops.push(() => client.close());
    const receiver = client.createReceiver('answers', { receiveMode: 'receiveAndDelete', skipParsingBodyAsJson: true });
    const [answer] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
    expect(String(answer?.body)).toBe('by identity');
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
});
