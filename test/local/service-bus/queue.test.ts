/** Queues through the official client: send, receive, settle, locks, dead letters, schedule, peek. */
import type { ServiceBusReceiver } from '@azure/service-bus';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BrokerFixture, receiveExpected, receiveOne, startBroker } from './amqp-fixture.ts';

let broker: BrokerFixture;

beforeEach(async () => {
  broker = await startBroker();
});
afterEach(() => broker.stop());

/** Locks end by the broker's clock; the client must not renew them by its own. */
function receiverOf(queue = 'plain', options: object = {}): ServiceBusReceiver {
  return broker.client.createReceiver(queue, { maxAutoLockRenewalDurationInMs: 0, ...options });
}

function send(...bodies: unknown[]): Promise<void> {
  return broker.client.createSender('plain').sendMessages(bodies.map((body) => ({ body })));
}

test('a message comes back with all that its sender set', async () => {
  const sent = {
    body: { rollout: 'r1', weight: 20 },
    messageId: 'm1',
    correlationId: 'c1',
    subject: 'started',
    contentType: 'application/json',
    replyTo: 'answers',
    to: 'somebody',
    partitionKey: 'p',
    timeToLive: 60_000,
    applicationProperties: { text: 'a', whole: 7, negative: -3, fraction: 0.5, truth: true, nothing: null },
  };
  await broker.client.createSender('plain').sendMessages(sent);
  const received = await receiveExpected(receiverOf());
  expect(received).toMatchObject(sent);
  expect(received).toMatchObject({ deliveryCount: 0, state: 'active' });
  expect(received.sequenceNumber?.toNumber()).toBe(1);
  expect(received.enqueuedTimeUtc?.getTime()).toBe(broker.clock.nowMs());
  expect(received.expiresAtUtc?.getTime()).toBe(broker.clock.nowMs() + 60_000);
  expect(received.lockedUntilUtc?.getTime()).toBe(broker.clock.nowMs() + 60_000);
  expect(received.lockToken).toMatch(/^[0-9a-f-]{36}$/);
});

test('a message without an id gets one', async () => {
  await send('a');
  expect((await receiveExpected(receiverOf())).messageId).toMatch(/^[0-9a-f-]{36}$/);
});

test('messages come in the order they were sent, single and in batches', async () => {
  const sender = broker.client.createSender('plain');
  const batch = await sender.createMessageBatch();
  expect(batch.maxSizeInBytes).toBe(262_144);
  for (const body of ['a', 'b', 'c']) expect(batch.tryAddMessage({ body })).toBe(true);
  await sender.sendMessages(batch);
  await sender.sendMessages({ body: 'd' });
  const received = await receiverOf().receiveMessages(4, { maxWaitTimeInMs: 2000 });
  expect(received.map(({ body }) => body)).toEqual(['a', 'b', 'c', 'd']);
});

test('a completed message is gone', async () => {
  await send('a');
  const receiver = receiverOf();
  await receiver.completeMessage(await receiveExpected(receiver));
  expect(broker.bus.entities().find(({ path }) => path === 'plain')).toMatchObject({ active: 0, sizeBytes: 0 });
});

test('an abandoned message comes again at once with its new properties and one delivery more', async () => {
  await send('a', 'b');
  const receiver = receiverOf();
  await receiver.abandonMessage(await receiveExpected(receiver), { attempt: 'first' });
  expect(await receiveExpected(receiver)).toMatchObject({
    body: 'a',
    deliveryCount: 1,
    applicationProperties: { attempt: 'first' },
  });
});

test('the last allowed failed delivery dead-letters', async () => {
  await send('poison');
  const receiver = receiverOf();
  for (let delivery = 0; delivery < 3; delivery += 1) {
    await receiver.abandonMessage(await receiveExpected(receiver));
  }
  expect(await receiveOne(receiver)).toBeUndefined();
  expect(await receiveExpected(receiverOf('plain', { subQueueType: 'deadLetter' }))).toMatchObject({
    body: 'poison',
    deadLetterReason: 'MaxDeliveryCountExceeded',
    deliveryCount: 3,
  });
});

test('a message dead-lettered by its receiver keeps reason, description and properties', async () => {
  await send('bad');
  const receiver = receiverOf();
  await receiver.deadLetterMessage(await receiveExpected(receiver), {
    deadLetterReason: 'BadCommand',
    deadLetterErrorDescription: 'The weight is missing.',
    field: 'weight',
  });
  const deadLetters = receiverOf('plain', { subQueueType: 'deadLetter' });
  const dead = await receiveExpected(deadLetters);
  expect(dead).toMatchObject({
    body: 'bad',
    deadLetterReason: 'BadCommand',
    deadLetterErrorDescription: 'The weight is missing.',
    applicationProperties: { field: 'weight' },
  });
  await deadLetters.completeMessage(dead);
  expect(await receiveOne(deadLetters)).toBeUndefined();
});

test('a deferred message is received by its number only, and can then be completed', async () => {
  await send('later');
  const receiver = receiverOf();
  const message = await receiveExpected(receiver);
  await receiver.deferMessage(message, { why: 'order' });
  expect(await receiveOne(receiver)).toBeUndefined();
  const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber ?? []);
  expect(deferred).toMatchObject({ body: 'later', state: 'deferred', applicationProperties: { why: 'order' } });
  if (deferred) await receiver.completeMessage(deferred);
  await expect(receiver.receiveDeferredMessages(message.sequenceNumber ?? [])).rejects.toMatchObject({
    code: 'MessageNotFound',
  });
});

test('a lock that expires cannot be settled, and the message comes again', async () => {
  await send('slow');
  const receiver = receiverOf();
  const message = await receiveExpected(receiver);
  await broker.clock.advance(60_000);
  await expect(receiver.completeMessage(message)).rejects.toMatchObject({ code: 'MessageLockLost' });
  expect(await receiveExpected(receiver)).toMatchObject({ body: 'slow', deliveryCount: 1 });
});

test('a renewed lock holds for a whole duration more', async () => {
  await send('long');
  const receiver = receiverOf();
  const message = await receiveExpected(receiver);
  await broker.clock.advance(50_000);
  expect((await receiver.renewMessageLock(message)).getTime()).toBe(broker.clock.nowMs() + 60_000);
  await broker.clock.advance(50_000);
  await receiver.completeMessage(message);
  expect(broker.bus.entities()[1]).toMatchObject({ path: 'plain', active: 0 });
});

test('a lock outlives its closed receiver and is settled through management', async () => {
  await send('a');
  const receiver = receiverOf();
  const message = await receiveExpected(receiver);
  await receiver.close();
  const other = receiverOf();
  expect(await receiveOne(other)).toBeUndefined();
  await other.completeMessage(message);
  await broker.clock.advance(60_000);
  expect(await receiveOne(other)).toBeUndefined();
});

test('an expired message goes to the dead-letter queue', async () => {
  await broker.client.createSender('plain').sendMessages({ body: 'old', timeToLive: 5000 });
  await broker.clock.advance(5000);
  expect(await receiveOne(receiverOf())).toBeUndefined();
  expect(await receiveExpected(receiverOf('plain', { subQueueType: 'deadLetter' }))).toMatchObject({
    body: 'old',
    deadLetterReason: 'TTLExpiredException',
  });
});

test('receive-and-delete leaves nothing behind', async () => {
  await send('a', 'b');
  const receiver = receiverOf('plain', { receiveMode: 'receiveAndDelete' });
  expect(await receiver.receiveMessages(2, { maxWaitTimeInMs: 2000 })).toHaveLength(2);
  expect(broker.bus.entities().find(({ path }) => path === 'plain')).toMatchObject({ active: 0, sizeBytes: 0 });
});

test('a scheduled message comes at its time; a cancelled one never', async () => {
  const sender = broker.client.createSender('plain');
  const dueAt = new Date(broker.clock.nowMs() + 10_000);
  const [kept, cancelled] = await sender.scheduleMessages([{ body: 'kept' }, { body: 'cancelled' }], dueAt);
  await sender.sendMessages({ body: 'sent ahead', scheduledEnqueueTimeUtc: dueAt });
  if (kept && cancelled) await sender.cancelScheduledMessages(cancelled);
  const receiver = receiverOf();
  const peeked = await receiver.peekMessages(10);
  expect(peeked.map(({ body, state }) => [body, state])).toEqual([
    ['kept', 'scheduled'],
    ['sent ahead', 'scheduled'],
  ]);
  expect(await receiveOne(receiver)).toBeUndefined();
  await broker.clock.advance(10_000);
  const received = await receiver.receiveMessages(2, { maxWaitTimeInMs: 2000 });
  expect(received.map(({ body }) => body)).toEqual(['kept', 'sent ahead']);
  await expect(sender.cancelScheduledMessages(kept ?? [])).rejects.toMatchObject({ code: 'MessageNotFound' });
});

test('peeking shows messages from a number on, without locking; an empty queue shows none', async () => {
  const receiver = receiverOf();
  expect(await receiver.peekMessages(5)).toEqual([]);
  await send('a', 'b', 'c');
  expect((await receiver.peekMessages(2)).map(({ body }) => body)).toEqual(['a', 'b']);
  expect((await receiver.peekMessages(2)).map(({ body }) => body)).toEqual(['c']);
  expect((await receiver.receiveMessages(3, { maxWaitTimeInMs: 2000 })).length).toBe(3);
});

test('drains are answered: many short receives of nothing do not wait for the drain time-out of 200 ms each', async () => {
  const receiver = receiverOf();
  await receiver.receiveMessages(1, { maxWaitTimeInMs: 10 });
  const startedAtMs = performance.now();
  for (let look = 0; look < 20; look += 1) {
    expect(await receiver.receiveMessages(5, { maxWaitTimeInMs: 10 })).toEqual([]);
  }
  expect(performance.now() - startedAtMs).toBeLessThan(2000);
});

test('a subscriber gets and completes more messages than rhea keeps deliveries', async () => {
  const count = 2500;
  const sender = broker.client.createSender('plain');
  for (let first = 0; first < count; first += 500) {
    await sender.sendMessages(Array.from({ length: 500 }, (_, index) => ({ body: first + index })));
  }
  const bodies = new Set<number>();
  await new Promise<void>((resolve, reject) => {
    receiverOf().subscribe(
      {
        async processMessage({ body }) {
          bodies.add(body as number);
          if (bodies.size === count) resolve();
        },
        async processError({ error }) {
          reject(error);
        },
      },
      { maxConcurrentCalls: 100 },
    );
  });
  expect(bodies.size).toBe(count);
  await expect.poll(() => broker.bus.entities().find(({ path }) => path === 'plain')?.active).toBe(0);
});
