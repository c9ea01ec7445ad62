/** Sessions and duplicate detection through the official client, on a queue like the one for rollout commands. */
import type { ServiceBusSessionReceiver } from '@azure/service-bus';
import { ServiceBusClient } from '@azure/service-bus';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BrokerFixture, receiveExpected, receiveOne, startBroker } from './amqp-fixture.ts';

let broker: BrokerFixture;

beforeEach(async () => {
  broker = await startBroker();
});
afterEach(() => broker.stop());

const because = { deadLetterReason: 'Test', deadLetterErrorDescription: 'By the test.' };
const options = { maxAutoLockRenewalDurationInMs: 0 };

function accept(sessionId: string, client: ServiceBusClient = broker.client): Promise<ServiceBusSessionReceiver> {
  return client.acceptSession('commands', sessionId, options);
}

function acceptNext(): Promise<ServiceBusSessionReceiver> {
  return broker.client.acceptNextSession('commands', options);
}

function send(sessionId: string, ...bodies: string[]): Promise<void> {
  return broker.client.createSender('commands').sendMessages(bodies.map((body) => ({ body, sessionId })));
}

test('a session gives its own messages only, in order', async () => {
  await send('flights', 'a');
  await send('weather', 'x');
  await send('flights', 'b');
  const session = await accept('flights');
  expect(session.sessionLockedUntilUtc.getTime()).toBe(broker.clock.nowMs() + 60_000);
  const received = await session.receiveMessages(3, { maxWaitTimeInMs: 300 });
  expect(received.map(({ body, sessionId }) => [body, sessionId])).toEqual([
    ['a', 'flights'],
    ['b', 'flights'],
  ]);
  for (const message of received) await session.completeMessage(message);
});

test('the next session is the free one with the oldest message', async () => {
  await send('second', 'x');
  await send('first', 'a');
  expect((await acceptNext()).sessionId).toBe('second');
  expect((await acceptNext()).sessionId).toBe('first');
});

test('who asks for any session while there is none gets the first that comes', async () => {
  const waiting = acceptNext();
  await expect.poll(() => broker.bus.connectionCount()).toBe(1);
  await send('late', 'a');
  const session = await waiting;
  expect(session.sessionId).toBe('late');
  expect(await receiveExpected(session)).toMatchObject({ body: 'a' });
});

test('who asks for any session and gets none in time is told so', async () => {
  const impatient = new ServiceBusClient(broker.bus.connectionString, {
    retryOptions: { maxRetries: 0, timeoutInMs: 5000 },
  });
  const outcome = impatient.acceptNextSession('commands', options).then(
    () => 'accepted',
    (error: { code?: string }) => error.code,
  );
  await expect.poll(() => broker.clock.nextDueMs()).toBeDefined();
  await broker.clock.advance(5000);
  expect(await outcome).toBe('ServiceTimeout');
  await impatient.close();
});

test('a session that another receiver holds cannot be locked, and can when it was closed', async () => {
  await send('flights', 'a');
  const holder = await accept('flights');
  const rival = new ServiceBusClient(broker.bus.connectionString, { retryOptions: { maxRetries: 0 } });
  await expect(accept('flights', rival)).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });
  await receiveExpected(holder);
  await holder.close();
  const next = await accept('flights', rival);
  expect(await receiveExpected(next)).toMatchObject({ body: 'a', deliveryCount: 0 });
  await rival.close();
});

test('an expired session lock frees the session, fails its deliveries and tells its holder', async () => {
  await send('flights', 'a');
  const holder = await accept('flights');
  const message = await receiveExpected(holder);
  await broker.clock.advance(60_000);
  await expect(holder.completeMessage(message)).rejects.toMatchObject({ code: 'SessionLockLost' });
  const next = await accept('flights');
  expect(await receiveExpected(next)).toMatchObject({ body: 'a', deliveryCount: 1 });
});

test('a renewed session lock keeps the session', async () => {
  await send('flights', 'a');
  const session = await accept('flights');
  const message = await receiveExpected(session);
  await broker.clock.advance(50_000);
  expect((await session.renewSessionLock()).getTime()).toBe(broker.clock.nowMs() + 60_000);
  await broker.clock.advance(50_000);
  await session.completeMessage(message);
  expect(await receiveOne(session)).toBeUndefined();
});

test('the state of a session outlives its lock', async () => {
  await send('flights', 'a');
  const session = await accept('flights');
  expect(await session.getSessionState()).toBeNull();
  await session.setSessionState({ step: 2 });
  await session.close();
  const next = await accept('flights');
  expect(await next.getSessionState()).toEqual({ step: 2 });
  await next.setSessionState(null);
  expect(await next.getSessionState()).toBeNull();
});

test('messages of a session can be deferred, abandoned and dead-lettered', async () => {
  await send('flights', 'defer', 'abandon', 'bury');
  const session = await accept('flights');
  const [defer, abandon, bury] = await session.receiveMessages(3, { maxWaitTimeInMs: 2000 });
  if (!defer || !abandon || !bury) throw new Error('Three messages were sent.');
  await session.deferMessage(defer);
  await session.abandonMessage(abandon);
  await session.deadLetterMessage(bury, because);
  expect(await receiveExpected(session)).toMatchObject({ body: 'abandon', deliveryCount: 1 });
  const [deferred] = await session.receiveDeferredMessages(defer.sequenceNumber ?? []);
  expect(deferred?.body).toBe('defer');
  if (deferred) await session.completeMessage(deferred);
  const deadLetters = broker.client.createReceiver('commands', { subQueueType: 'deadLetter' });
  expect(await receiveExpected(deadLetters)).toMatchObject({ body: 'bury', sessionId: 'flights' });
});

test('peeking in a session shows that session only', async () => {
  await send('flights', 'a');
  await send('weather', 'x');
  const session = await accept('weather');
  expect((await session.peekMessages(5)).map(({ body }) => body)).toEqual(['x']);
});

test('a message without a session id is refused, and nothing of its batch is kept', async () => {
  const sender = broker.client.createSender('commands');
  await expect(sender.sendMessages([{ body: 'a', sessionId: 's' }, { body: 'b' }])).rejects.toThrow(
    'commands requires sessions: set a session id on every message.',
  );
  expect(broker.bus.entities().find(({ path }) => path === 'commands')).toMatchObject({ active: 0 });
});

test('a receiver without a session is refused where sessions are required, and the other way round', async () => {
  const plain = broker.client.createReceiver('commands');
  await expect(plain.receiveMessages(1, { maxWaitTimeInMs: 2000 })).rejects.toThrow('accept a session');
  await expect(broker.client.acceptSession('plain', 's')).rejects.toMatchObject({
    code: 'SessionCannotBeLocked',
  });
});

test('a message sent again within the window is kept once, also when it was completed meanwhile', async () => {
  const sender = broker.client.createSender('commands');
  const command = { body: 'start', messageId: 'command-1', sessionId: 'flights' };
  await sender.sendMessages(command);
  await sender.sendMessages([command, { ...command, body: 'start again' }]);
  const session = await accept('flights');
  await session.completeMessage(await receiveExpected(session));
  await sender.sendMessages(command);
  expect(await receiveOne(session)).toBeUndefined();
  await session.renewSessionLock();
  await session.close();
  await broker.clock.advance(300_000);
  await sender.sendMessages(command);
  expect(await receiveExpected(await accept('flights'))).toMatchObject({ body: 'start' });
});
