/** What goes wrong on purpose: broken connections, refused and repeated sends, limits, and the control endpoint. */
import { ServiceBusClient } from '@azure/service-bus';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BrokerFixture, dropNoticed, receiveExpected, receiveOne, startBroker } from './amqp-fixture.ts';

let broker: BrokerFixture;

beforeEach(async () => {
  broker = await startBroker({ entityLimitBytes: 600_000 });
});
afterEach(() => broker.stop());

function depthOf(path: string) {
  return broker.bus.entities().find((entity) => entity.path === path);
}

function post(path: string, body?: unknown): Promise<Response> {
  return fetch(`${broker.bus.url}/_control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

test('a client survives dropped connections and loses nothing', async () => {
  const sender = broker.client.createSender('plain');
  const receiver = broker.client.createReceiver('plain', { maxAutoLockRenewalDurationInMs: 0 });
  for (const body of ['a', 'b', 'c']) {
    await sender.sendMessages({ body });
    await dropNoticed(broker);
  }
  const bodies = new Set<unknown>();
  for (let round = 0; round < 3; round += 1) {
    const message = await receiveExpected(receiver);
    bodies.add(message.body);
    await receiver.completeMessage(message);
    await dropNoticed(broker);
  }
  expect(bodies).toEqual(new Set(['a', 'b', 'c']));
  expect(depthOf('plain')).toMatchObject({ active: 0 });
});

test('a subscriber goes on after its connection dropped', async () => {
  const bodies: unknown[] = [];
  broker.client.createReceiver('plain').subscribe({
    async processMessage({ body }) {
      bodies.push(body);
    },
    async processError() {},
  });
  const sender = broker.client.createSender('plain');
  await sender.sendMessages({ body: 'before' });
  await expect.poll(() => depthOf('plain')?.active).toBe(0);
  await dropNoticed(broker);
  await sender.sendMessages({ body: 'after' });
  await expect.poll(() => bodies, { timeout: 10_000 }).toEqual(['before', 'after']);
});

test('a message that a broken connection held comes again, as a failed delivery', async () => {
  await broker.client.createSender('plain').sendMessages({ body: 'a' });
  const receiver = broker.client.createReceiver('plain', { maxAutoLockRenewalDurationInMs: 0 });
  const message = await receiveExpected(receiver);
  await dropNoticed(broker);
  expect(await receiveExpected(receiver)).toMatchObject({ body: 'a', deliveryCount: 1 });
  const other = new ServiceBusClient(broker.bus.connectionString);
  await expect(other.createReceiver('plain').completeMessage(message)).rejects.toMatchObject({
    code: 'MessageLockLost',
  });
  await other.close();
});

test('a session whose connection broke is free at once', async () => {
  await broker.client.createSender('commands').sendMessages({ body: 'a', sessionId: 's' });
  const session = await broker.client.acceptSession('commands', 's');
  await receiveExpected(session);
  await dropNoticed(broker);
  const again = await broker.client.acceptSession('commands', 's');
  expect(await receiveExpected(again)).toMatchObject({ body: 'a', deliveryCount: 1 });
});

test('refused sends are repeated by the client until the broker takes them', async () => {
  expect((await post('send-faults', { entity: 'plain', type: 'refuse', count: 2 })).status).toBe(201);
  await broker.client.createSender('plain').sendMessages({ body: 'a' });
  expect(depthOf('plain')).toMatchObject({ active: 1 });
  broker.bus.armSendFault({ type: 'refuse', count: 10 });
  const failure = await broker.client
    .createSender('plain')
    .sendMessages({ body: 'b' })
    .catch((error: AggregateError) => error.errors);
  expect(failure).toEqual(Array.from({ length: 4 }, () => expect.objectContaining({ code: 'ServiceBusy' })));
  expect(depthOf('plain')).toMatchObject({ active: 1 });
});

test('a send whose answer was lost comes twice, but once where duplicates are detected', async () => {
  broker.bus.armSendFault({ entity: 'plain', type: 'loseReply' });
  await broker.client.createSender('plain').sendMessages({ body: 'a', messageId: 'm' });
  expect(depthOf('plain')).toMatchObject({ active: 2 });
  broker.bus.armSendFault({ entity: 'commands', type: 'loseReply' });
  await broker.client.createSender('commands').sendMessages({ body: 'a', messageId: 'm', sessionId: 's' });
  expect(depthOf('commands')).toMatchObject({ active: 1 });
});

test('a send whose connection dropped before it was accepted comes once', async () => {
  broker.bus.armSendFault({ entity: 'plain', type: 'drop' });
  await broker.client.createSender('plain').sendMessages({ body: 'a' });
  expect(depthOf('plain')).toMatchObject({ active: 1 });
});

test('a message above 256 KB is refused, one just below is taken whole', async () => {
  const sender = broker.client.createSender('plain');
  await expect(sender.sendMessages({ body: Buffer.alloc(262_144) })).rejects.toMatchObject({
    code: 'MessageSizeExceeded',
  });
  const body = Buffer.alloc(261_000, 7);
  await sender.sendMessages({ body });
  const received = await receiveExpected(broker.client.createReceiver('plain'));
  expect(body.equals(received.body)).toBe(true);
});

test('a full entity refuses, and takes messages again when some were received', async () => {
  const sender = broker.client.createSender('plain');
  const body = Buffer.alloc(250_000);
  await sender.sendMessages({ body });
  await sender.sendMessages({ body });
  await expect(sender.sendMessages({ body })).rejects.toMatchObject({ code: 'QuotaExceeded' });
  const receiver = broker.client.createReceiver('plain', { receiveMode: 'receiveAndDelete' });
  await receiveExpected(receiver);
  await sender.sendMessages({ body });
  expect(depthOf('plain')).toMatchObject({ active: 2 });
});

test('the control endpoint lists entities, drops connections, and refuses malformed faults', async () => {
  await broker.client.createSender('events').sendMessages({ body: 'a' });
  const entities = (await (await fetch(`${broker.bus.url}/_control/entities`)).json()) as { path: string }[];
  expect(entities.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['plain', 'plain/$deadletterqueue', 'events', 'events/Subscriptions/all']),
  );
  expect(entities.find(({ path }) => path === 'events/Subscriptions/all')).toMatchObject({
    kind: 'subscription',
    active: 1,
    locked: 0,
  });
  expect(await (await post('drop-connections')).json()).toEqual({ dropped: 1 });
  const malformed = await post('send-faults', { type: 'explode' });
  expect(malformed.status).toBe(400);
  expect(await malformed.text()).toContain('type');
});

test('forgotten faults do nothing', async () => {
  broker.bus.armSendFault({ type: 'refuse', count: 100 });
  await fetch(`${broker.bus.url}/_control/send-faults`, { method: 'DELETE' });
  await broker.client.createSender('plain').sendMessages({ body: 'a' });
  expect(depthOf('plain')).toMatchObject({ active: 1 });
});

test('bytes that are no AMQP end their connection and nothing else', async () => {
  const { port } = new URL(broker.bus.connectionString.replace(/^Endpoint=sb:/, 'http:').split(';')[0] ?? '');
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  await broker.client.createSender('plain').sendMessages({ body: 'a' });
  expect(await receiveOne(broker.client.createReceiver('plain'))).toMatchObject({ body: 'a' });
});

test('a broker whose configuration is wrong does not start and says all that is wrong', async () => {
  const Queues = [{ Name: 'plain', Properties: { LockDuration: 'PT1H' } }, { Name: '/bad/' }];
  const started = startBroker({ config: { UserConfig: { Namespaces: [{ Queues }] } } });
  const problem = await started.then(
    () => 'it started',
    (error: Error) => error.message,
  );
  expect(problem).toContain("'PT1H'");
  expect(problem).toContain('An entity name');
});

test('a broker whose port is taken does not start and names it', async () => {
  const taken = Number(new URL(broker.bus.url).port);
  await expect(startBroker({ amqpPort: taken })).rejects.toThrow(`cannot listen on 127.0.0.1:${taken}`);
});
