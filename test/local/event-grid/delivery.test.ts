/** Delivery in virtual time: filters, retries, time-outs, end of life, dead letters, ordered faults. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { eventually, type GridFixture, startGridFixture, WORKSPACE_ID } from './fixture.ts';
import { answering } from './webhook-recorder.ts';

const MODEL_REGISTERED = 'Microsoft.MachineLearningServices.ModelRegistered';
const MINUTE_MS = 60_000;
const deadLetterDestination = {
  endpointType: 'StorageBlob',
  properties: { resourceId: '/subscriptions/s1/x/storageAccounts/devstoreaccount1', blobContainerName: 'dead' },
};

let fixture: GridFixture;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  fixture = await startGridFixture({ clock });
});
afterEach(() => fixture.stop());

const received = () => fixture.webhook.notifications();
const states = () => fixture.grid.deliveries().map(({ state }) => state);

/** Waits until the n-th attempt was made and judged. */
async function attempts(count: number): Promise<void> {
  await eventually(() => fixture.grid.deliveries().filter(({ state }) => state !== 'DeadLettered').length >= count);
}

test('a system event reaches its subscriber in the documented envelope', async () => {
  await fixture.subscribe(WORKSPACE_ID, { filter: { includedEventTypes: [MODEL_REGISTERED] } });
  fixture.raise('Microsoft.MachineLearningServices.RunCompleted');
  fixture.raise(MODEL_REGISTERED, 'models/flights:2', { ModelName: 'flights', ModelVersion: 2 });
  await attempts(1);
  expect(received()).toHaveLength(1);
  expect(JSON.parse(received()[0]?.body ?? '')).toEqual([
    {
      topic: WORKSPACE_ID,
      subject: 'models/flights:2',
      eventType: MODEL_REGISTERED,
      eventTime: '2026-01-01T00:00:00.000Z',
      id: expect.any(String),
      data: { ModelName: 'flights', ModelVersion: 2 },
      dataVersion: '',
      metadataVersion: '1',
    },
  ]);
  expect(received()[0]?.headers).toMatchObject({ 'aeg-event-type': 'Notification', 'aeg-delivery-count': '0' });
});

test('subject and advanced filters must all agree', async () => {
  await fixture.subscribe(WORKSPACE_ID, {
    filter: {
      subjectBeginsWith: 'MODELS/',
      subjectEndsWith: ':2',
      advancedFilters: [{ operatorType: 'StringIn', key: 'data.modelname', values: ['FLIGHTS'] }],
    },
  });
  fixture.raise('T', 'models/flights:2', { ModelName: 'taxi' });
  fixture.raise('T', 'models/flights:3', { ModelName: 'flights' });
  fixture.raise('T', 'endpoints/flights:2', { ModelName: 'flights' });
  fixture.raise('T', 'models/flights:2', { ModelName: 'flights' });
  await attempts(1);
  expect(received().map(({ body }) => (JSON.parse(body) as [{ data: unknown }])[0].data)).toEqual([
    { ModelName: 'flights' },
  ]);
});

test('a failing subscriber is tried again after 10 and 30 seconds with a growing count', async () => {
  await fixture.subscribe(WORKSPACE_ID);
  fixture.webhook.answer = answering(500);
  fixture.raise('T');
  await attempts(1);
  await clock.advance(9999);
  expect(received()).toHaveLength(1);
  await clock.advance(1);
  await attempts(2);
  fixture.webhook.answer = answering(204);
  await clock.advance(30_000);
  await attempts(3);
  expect(received().map(({ headers }) => headers['aeg-delivery-count'])).toEqual(['0', '1', '2']);
  expect(states()).toEqual(['Retrying', 'Retrying', 'Delivered']);
});

test('a subscriber that is silent for 30 seconds has timed out', async () => {
  await fixture.subscribe(WORKSPACE_ID);
  fixture.webhook.answer = answering(undefined);
  fixture.raise('T');
  await eventually(() => received().length === 1);
  await clock.advance(30_000);
  await attempts(1);
  expect(fixture.grid.deliveries()).toMatchObject([{ outcome: 'TimedOut', state: 'Retrying', attempt: 1 }]);
});

test('the last attempt leads to a dead letter 5 minutes later, under the subscription in upper case', async () => {
  await fixture.subscribe(WORKSPACE_ID, { retryPolicy: { maxDeliveryAttempts: 2 }, deadLetterDestination });
  fixture.webhook.answer = answering(404);
  fixture.raise('T');
  await attempts(1);
  await clock.advance(10_000);
  await attempts(2);
  await clock.advance(5 * MINUTE_MS - 1);
  expect(fixture.deadLetters).toEqual([]);
  await clock.advance(1);
  await eventually(() => fixture.deadLetters.length === 1);
  expect(fixture.deadLetters[0]?.blobName).toMatch(/^SUB-ONE\/2026\/1\/1\/0\/[0-9a-f-]{36}\.json$/);
  expect(fixture.deadLetters[0]?.events).toMatchObject([
    {
      eventType: 'T',
      metadataVersion: '1',
      deadLetterReason: 'MaxDeliveryAttemptsExceeded',
      deliveryAttempts: 2,
      lastDeliveryOutcome: 'NotFound',
      lastHttpStatusCode: 404,
      publishTime: '2026-01-01T00:00:00.000Z',
      lastDeliveryAttemptTime: '2026-01-01T00:00:10.000Z',
    },
  ]);
});

test('a dead letter in the CloudEvents schema has lower-case attributes', async () => {
  await fixture.subscribe(WORKSPACE_ID, { eventDeliverySchema: 'CloudEventSchemaV1_0', deadLetterDestination });
  fixture.webhook.answer = answering(400);
  fixture.raise('T');
  await attempts(1);
  await clock.advance(5 * MINUTE_MS);
  await eventually(() => fixture.deadLetters.length === 1);
  expect(fixture.deadLetters[0]?.events).toMatchObject([
    { specversion: '1.0', type: 'T', deadletterreason: 'UndeliverableDueToHttpBadRequest', deliveryattempts: 1 },
  ]);
});

test('life ends only when the next attempt is due', async () => {
  await fixture.subscribe(WORKSPACE_ID, { retryPolicy: { eventTimeToLiveInMinutes: 1 }, deadLetterDestination });
  fixture.webhook.answer = answering(500);
  fixture.raise('T');
  await attempts(1);
  await clock.advance(10_000);
  await attempts(2);
  await clock.advance(30_000);
  await attempts(3);
  await clock.advance(MINUTE_MS);
  expect(received()).toHaveLength(3);
  await clock.advance(5 * MINUTE_MS);
  await eventually(() => fixture.deadLetters.length === 1);
  expect(fixture.deadLetters[0]?.events).toMatchObject([
    { deadLetterReason: 'TimeToLiveExceeded', deliveryAttempts: 3 },
  ]);
});

test('a final refusal without a dead-letter destination loses the event and says so', async () => {
  await fixture.subscribe(WORKSPACE_ID);
  fixture.webhook.answer = answering(401);
  fixture.raise('T');
  await eventually(() => fixture.grid.deliveries().length === 2);
  expect(fixture.grid.deliveries()).toMatchObject([
    { state: 'GivenUp', outcome: 'Unauthorized', reason: 'UndeliverableDueToHttpUnauthorized' },
    { state: 'Dropped', reason: expect.stringContaining('no dead-letter destination') },
  ]);
});

test('a subscription that was deleted receives no retry', async () => {
  await fixture.subscribe(WORKSPACE_ID);
  fixture.webhook.answer = answering(500);
  fixture.raise('T');
  await attempts(1);
  await fixture.arm('DELETE', WORKSPACE_ID, 'sub-one');
  await clock.advance(10_000);
  await eventually(() => fixture.grid.pendingDeliveries() === 0);
  expect(received()).toHaveLength(1);
  expect(states()).toEqual(['Retrying', 'Dropped']);
});

test('faults duplicate, lose, delay and reorder the events they match', async () => {
  await fixture.subscribe(WORKSPACE_ID);
  const armed = await fixture.http(
    'POST',
    `${fixture.grid.url}/_control/event-faults`,
    { 'content-type': 'application/json' },
    JSON.stringify({ type: 'duplicate', copies: 5, eventType: 'ModelRegistered' }),
  );
  expect(armed.status).toBe(201);
  fixture.raise(MODEL_REGISTERED);
  await attempts(5);
  expect(new Set(fixture.grid.deliveries().map(({ eventId }) => eventId)).size).toBe(1);

  fixture.grid.armEventFault({ type: 'drop' });
  fixture.grid.armEventFault({ type: 'delay', delayMs: 1000 });
  fixture.raise('Lost');
  fixture.raise('Late');
  fixture.raise('Plain');
  await attempts(6);
  await clock.advance(1000);
  await attempts(7);
  expect(
    fixture.grid
      .deliveries()
      .map(({ eventType }) => eventType)
      .slice(5),
  ).toEqual(['Plain', 'Late']);
});

test('an event fault of no known kind gets 400', async () => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fixture.http('POST', `${fixture.grid.url}/_control/event-faults`, headers, '{"type":"eat"}');
  expect(answer.status).toBe(400);
});

test('deliveries are listed with their outcome until they are cleared', async () => {
  await fixture.subscribe(WORKSPACE_ID);
  fixture.raise('T');
  await attempts(1);
  const list = async () => {
    const { body } = await fixture.http('GET', `${fixture.grid.url}/_control/deliveries`);
    return JSON.parse(String(body.text)) as unknown[];
  };
  expect(await list()).toMatchObject([
    { subscription: 'sub-one', eventType: 'T', attempt: 1, status: 200, outcome: 'Delivered', state: 'Delivered' },
  ]);
  expect((await fixture.http('DELETE', `${fixture.grid.url}/_control/deliveries`)).status).toBe(204);
  expect(await list()).toEqual([]);
});

test('cleared faults let the next event through', async () => {
  await fixture.subscribe(WORKSPACE_ID);
  fixture.grid.armEventFault({ type: 'drop', count: 100 });
  fixture.raise('Lost');
  expect((await fixture.http('DELETE', `${fixture.grid.url}/_control/event-faults`)).status).toBe(204);
  fixture.raise('Kept');
  await attempts(1);
  expect(fixture.grid.deliveries().map(({ eventType }) => eventType)).toEqual(['Kept']);
});

test('a scale shortens retries, life and the dead-letter delay alike', async () => {
  const quick = await startGridFixture({ clock, retryScale: 1 / 60 });
  await quick.subscribe(WORKSPACE_ID, { retryPolicy: { eventTimeToLiveInMinutes: 1 }, deadLetterDestination });
  quick.webhook.answer = answering(500);
  quick.raise('T');
  const tried = (count: number) => eventually(() => quick.grid.deliveries().length >= count);
  await tried(1);
  await clock.advance(167);
  await tried(2);
  await clock.advance(500);
  await tried(3);
  await clock.advance(1000);
  await clock.advance(5000);
  await eventually(() => quick.deadLetters.length === 1);
  expect(quick.deadLetters[0]?.events).toMatchObject([{ deadLetterReason: 'TimeToLiveExceeded', deliveryAttempts: 3 }]);
  await quick.stop();
});

test('dead-letter storage that is down is tried for 4 hours, then the event is lost', async () => {
  let tries = 0;
  const writeDeadLetter = async () => {
    tries += 1;
    throw new Error('storage is down');
  };
  const down = await startGridFixture({ clock, writeDeadLetter });
  await down.subscribe(WORKSPACE_ID, { deadLetterDestination });
  down.webhook.answer = answering(400);
  down.raise('T');
  await eventually(() => down.grid.deliveries().length === 1);
  await clock.advance(5 * MINUTE_MS);
  await clock.advance(239 * MINUTE_MS);
  expect(down.grid.deliveries()).toHaveLength(1);
  await clock.advance(3 * MINUTE_MS);
  await eventually(() => down.grid.deliveries().length === 2);
  expect(tries).toBe(241);
  expect(down.grid.deliveries()[1]).toMatchObject({ state: 'Dropped', reason: expect.stringContaining('4 hours') });
  await down.stop();
});
