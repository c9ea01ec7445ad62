/** Topics through the official client: every subscription gets its own copy of what its rules let through. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BrokerFixture, receiveExpected, receiveOne, startBroker } from './amqp-fixture.ts';

let broker: BrokerFixture;

beforeEach(async () => {
  broker = await startBroker();
});
afterEach(() => broker.stop());

function receiverOf(subscription: string, options: object = {}) {
  return broker.client.createReceiver('events', subscription, { maxAutoLockRenewalDurationInMs: 0, ...options });
}

test('a subscription without rules gets all, one with a correlation filter what equals it in everything', async () => {
  const green = { deployment: 'green' };
  await broker.client.createSender('events').sendMessages([
    { body: 1, subject: 'failed', applicationProperties: green },
    { body: 2, subject: 'failed', applicationProperties: { deployment: 'blue' } },
    { body: 3, subject: 'started', applicationProperties: green },
    { body: 4, subject: 'failed' },
    { body: 5, subject: 'failed', applicationProperties: { ...green, more: true } },
  ]);
  const all = await receiverOf('all').receiveMessages(5, { maxWaitTimeInMs: 2000 });
  const failed = await receiverOf('failed').receiveMessages(2, { maxWaitTimeInMs: 2000 });
  expect(all.map(({ body }) => body)).toEqual([1, 2, 3, 4, 5]);
  expect(failed.map(({ body }) => body)).toEqual([1, 5]);
  expect(failed.map(({ sequenceNumber }) => sequenceNumber?.toNumber())).toEqual([1, 2]);
  expect(failed.map(({ enqueuedSequenceNumber }) => enqueuedSequenceNumber)).toEqual([1, 5]);
});

test('a copy is settled without touching the others, and dead-lettered in its own subscription', async () => {
  await broker.client
    .createSender('events')
    .sendMessages({ body: 'a', subject: 'failed', applicationProperties: { deployment: 'green' } });
  const all = receiverOf('all');
  await all.deadLetterMessage(await receiveExpected(all), {
    deadLetterReason: 'Test',
    deadLetterErrorDescription: 'By the test.',
  });
  expect(await receiveExpected(receiverOf('all', { subQueueType: 'deadLetter' }))).toMatchObject({ body: 'a' });
  expect(await receiveOne(receiverOf('failed', { subQueueType: 'deadLetter' }))).toBeUndefined();
  expect(await receiveExpected(receiverOf('failed'))).toMatchObject({ body: 'a', deliveryCount: 0 });
});

test('a message scheduled on a topic reaches its subscriptions at its time', async () => {
  const sender = broker.client.createSender('events');
  await sender.scheduleMessages({ body: 'later' }, new Date(broker.clock.nowMs() + 5000));
  const receiver = receiverOf('all');
  expect(await receiveOne(receiver)).toBeUndefined();
  await broker.clock.advance(5000);
  expect(await receiveExpected(receiver)).toMatchObject({ body: 'later', state: 'active' });
});

test('entity paths do not depend on case', async () => {
  await broker.client.createSender('EVENTS').sendMessages({ body: 'a' });
  expect(await receiveExpected(broker.client.createReceiver('Events', 'ALL'))).toMatchObject({ body: 'a' });
});

test('an unknown entity is named, with those that exist', async () => {
  await expect(broker.client.createSender('nowhere').sendMessages({ body: 'a' })).rejects.toMatchObject({
    code: 'MessagingEntityNotFound',
    message: expect.stringContaining('plain, commands, events'),
  });
  await expect(receiverOf('nobody').receiveMessages(1, { maxWaitTimeInMs: 2000 })).rejects.toMatchObject({
    code: 'MessagingEntityNotFound',
  });
});

test('a subscription cannot be sent to and a topic not be received from', async () => {
  await expect(broker.client.createSender('events/Subscriptions/all').sendMessages({ body: 'a' })).rejects.toThrow(
    'cannot be sent to',
  );
  await expect(broker.client.createReceiver('events').receiveMessages(1, { maxWaitTimeInMs: 2000 })).rejects.toThrow(
    'receive from one of its subscriptions',
  );
});

test('rules cannot be changed over AMQP, and the refusal says where they come from', async () => {
  const rules = broker.client.createRuleManager('events', 'all');
  await expect(rules.createRule('r', { subject: 'x' })).rejects.toThrow('set by the configuration');
});
