/** The Service Bus adapter against the local broker: what a subscriber sees, repeats, filters, dropped connections, both ways to authenticate. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { systemClock } from '../../../../local/emulator/clock.ts';
import { type RunningServiceBus, startServiceBus } from '../../../../local/service-bus/start-service-bus.ts';
import { SERVICE_BUS_ENTITIES } from '../../../../local/stack/service-bus-entities.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import {
  createTopicPublisher,
  ROLLOUT_EVENTS_TOPIC,
} from '../../../../src/adapters/service-bus/create-topic-publisher.ts';
import type { EventPublisher, OutgoingEvent } from '../../../../src/ports/events.ts';
import { testCredential, verifyTestToken } from '../token-credential.ts';

const EVENT: OutgoingEvent = {
  id: 'rollout.a.1',
  type: 'Slipway.Rollout.PhaseChanged',
  subject: 'rollouts/rollout.a',
  timeIso: '2026-03-01T12:00:00.000Z',
  data: { endpoint: 'flights', model: 'air-time', version: '2', phase: 'watching', from: null, split: null },
};

let folder: string;
let bus: RunningServiceBus;
let reader: ServiceBusClient;
let publisher: EventPublisher;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-bus-'));
  const tls = await ensureDevCertificates(folder);
  trustDevCa(tls.ca);
  bus = await startServiceBus({
    port: 0,
    amqpPort: 0,
    amqpsPort: 0,
    tls,
    clock: systemClock,
    config: SERVICE_BUS_ENTITIES,
    verifyBearer: verifyTestToken,
  });
  reader = new ServiceBusClient(bus.connectionString);
  publisher = createTopicPublisher(
    { serviceBus: { kind: 'connection-string', reveal: () => bus.connectionString }, workspace: 'mlw-models' },
    testCredential,
  );
});
afterAll(async () => {
  await reader.close();
  await bus.stop();
  rmSync(folder, { recursive: true });
});

async function take(subscription: string, count: number) {
  const receiver = reader.createReceiver(ROLLOUT_EVENTS_TOPIC, subscription, { receiveMode: 'receiveAndDelete' });
  const messages = await receiver.receiveMessages(count, { maxWaitTimeInMs: 500 });
  await receiver.close();
  return messages;
}

describe('publishing to the topic', () => {
  test('a subscriber gets the cloud event, its type as the subject, and what it may filter by', async () => {
    await publisher.publish(EVENT);
    const [message] = await take('audit', 1);
    expect(message).toMatchObject({
      messageId: 'rollout.a.1',
      subject: 'Slipway.Rollout.PhaseChanged',
      contentType: 'application/cloudevents+json',
      applicationProperties: { endpoint: 'flights', model: 'air-time', version: '2', phase: 'watching' },
      body: {
        specversion: '1.0',
        id: 'rollout.a.1',
        source: '/slipway/mlw-models',
        subject: 'rollouts/rollout.a',
        time: '2026-03-01T12:00:00.000Z',
        data: { phase: 'watching', split: null },
      },
    });
    expect(message?.applicationProperties).not.toHaveProperty('from');
  });

  test('an event that is published twice is there once', async () => {
    await publisher.publish({ ...EVENT, id: 'twice' });
    await publisher.publish({ ...EVENT, id: 'twice' });
    expect(await take('audit', 2)).toHaveLength(1);
  });

  test('ids too long for a message differ by a hash that stays the same', async () => {
    const long = `rollout.${'x'.repeat(180)}`;
    await publisher.publish({ ...EVENT, id: `${long}.1` });
    await publisher.publish({ ...EVENT, id: `${long}.2` });
    await publisher.publish({ ...EVENT, id: `${long}.1` });
    const ids = (await take('audit', 3)).map(({ messageId }) => String(messageId));
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => id.length === 128)).toBe(true);
  });

  test('links that act for whoever holds them stay out of the topic', async () => {
    const confidential = { approveUrl: 'https://slipway.example/api/approvals/a?token=t' };
    await publisher.publish({ ...EVENT, id: 'asked', type: 'Slipway.Approval.Requested', confidential });
    const [message] = await take('calls', 1);
    expect(message).toMatchObject({ messageId: 'asked', subject: 'Slipway.Approval.Requested' });
    expect(JSON.stringify(message?.body)).not.toContain('token');
    await take('audit', 1);
  });

  test('a subscription with a filter gets only what calls for a person', async () => {
    await publisher.publish({ ...EVENT, id: 'quiet' });
    await publisher.publish({ ...EVENT, id: 'loud', type: 'Slipway.Rollout.OperatorNeeded' });
    expect((await take('calls', 2)).map(({ messageId }) => messageId)).toEqual(['loud']);
    expect(await take('audit', 2)).toHaveLength(2);
  });

  test('a dropped connection costs a retry, never an event', async () => {
    expect(bus.dropConnections()).toBeGreaterThan(0);
    await publisher.publish({ ...EVENT, id: 'after-the-drop' });
    bus.armSendFault({ entity: ROLLOUT_EVENTS_TOPIC, type: 'loseReply', count: 1 });
    await publisher.publish({ ...EVENT, id: 'reply-lost' });
    expect((await take('audit', 3)).map(({ messageId }) => messageId).sort()).toEqual(['after-the-drop', 'reply-lost']);
  }, 60_000);

  test('a busy broker costs a retry, one that stays busy makes it throw', async () => {
    bus.armSendFault({ entity: ROLLOUT_EVENTS_TOPIC, type: 'refuse', count: 1 });
    await publisher.publish({ ...EVENT, id: 'busy-once' });
    expect((await take('audit', 1)).map(({ messageId }) => messageId)).toEqual(['busy-once']);
    bus.armSendFault({ entity: ROLLOUT_EVENTS_TOPIC, type: 'refuse', count: 4 });
    await expect(publisher.publish({ ...EVENT, id: 'busy-for-long' })).rejects.toThrow();
    expect(await take('audit', 1)).toEqual([]);
  }, 60_000);

  test('with a namespace it signs in by identity over TLS', async () => {
    const serviceBus = { kind: 'namespace', fullyQualifiedNamespace: bus.fullyQualifiedNamespace ?? '' } as const;
    const byIdentity = createTopicPublisher({ serviceBus, workspace: 'mlw-models' }, testCredential);
    await byIdentity.publish({ ...EVENT, id: 'by-identity' });
    expect((await take('audit', 1)).map(({ messageId }) => messageId)).toEqual(['by-identity']);
  });
});
