/** Event subscriptions over ARM: validation, both handshakes, confirmation by hand, refusals. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import {
  eventually,
  type GridFixture,
  provisioningState,
  startGridFixture,
  subscriptionBody,
  WORKSPACE_ID,
} from './fixture.ts';
import { answering, consent } from './webhook-recorder.ts';

let fixture: GridFixture;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  fixture = await startGridFixture({ clock });
});
afterEach(() => fixture.stop());

const state = async (name = 'sub-one') => provisioningState(await fixture.arm('GET', WORKSPACE_ID, name));
const put = (properties: Record<string, unknown> = {}, name = 'sub-one') =>
  fixture.arm('PUT', WORKSPACE_ID, name, subscriptionBody(fixture.webhook.url, properties));

test('a webhook that echoes the code is subscribed; its secret query is shown only by getFullUrl', async () => {
  const created = await put({ filter: { includedEventTypes: ['A'] } });
  expect(created.status).toBe(201);
  expect(provisioningState(created)).toBe('Creating');
  await eventually(async () => (await state()) === 'Succeeded');
  const [handshake] = fixture.webhook.requests;
  expect(handshake?.headers['aeg-event-type']).toBe('SubscriptionValidation');
  expect(JSON.parse(handshake?.body ?? '')).toMatchObject([
    { eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', topic: WORKSPACE_ID, metadataVersion: '1' },
  ]);
  const shown = await fixture.arm('GET', WORKSPACE_ID, 'SUB-ONE');
  expect(JSON.stringify(shown.body)).not.toContain('code=secret');
  expect((await fixture.arm('POST', WORKSPACE_ID, 'sub-one/getFullUrl')).body).toEqual({
    endpointUrl: fixture.webhook.url,
  });
});

test('subscriptions are listed by scope and gone after deletion', async () => {
  await put();
  const list = async () =>
    ((await fixture.arm('GET', WORKSPACE_ID, '')).body.value as { name: string }[]).map((s) => s.name);
  expect(await list()).toEqual(['sub-one']);
  expect((await fixture.arm('DELETE', WORKSPACE_ID, 'sub-one')).status).toBe(200);
  expect((await fixture.arm('DELETE', WORKSPACE_ID, 'sub-one')).status).toBe(204);
  expect(await list()).toEqual([]);
  expect((await fixture.arm('GET', WORKSPACE_ID, 'sub-one')).status).toBe(404);
});

test('a webhook that answers 202 or refuses is not subscribed and receives nothing', async () => {
  fixture.webhook.answer = () => 202;
  await put();
  await eventually(async () => (await state()) === 'Failed');
  fixture.raise('A');
  expect(fixture.grid.pendingDeliveries()).toBe(0);
});

test('a webhook that answers 200 without the code waits for its validation URL to be opened', async () => {
  fixture.webhook.answer = () => 200;
  await put();
  await eventually(async () => (await state()) === 'AwaitingManualAction');
  const [event] = JSON.parse(fixture.webhook.requests[0]?.body ?? '[]') as [{ data: { validationUrl: string } }];
  const { validationUrl } = event.data;
  expect((await fixture.http('GET', validationUrl.replace(/id=[^&]+/, 'id=guess'))).status).toBe(400);
  expect(await state()).toBe('AwaitingManualAction');
  expect((await fixture.http('GET', validationUrl)).status).toBe(200);
  expect(await state()).toBe('Succeeded');
});

test('a validation URL that nobody opens for 5 minutes fails the subscription', async () => {
  fixture.webhook.answer = () => 200;
  await put();
  await eventually(async () => (await state()) === 'AwaitingManualAction');
  await clock.advance(299_000);
  expect(await state()).toBe('AwaitingManualAction');
  await clock.advance(2000);
  expect(await state()).toBe('Failed');
});

test('a webhook that is silent is asked again 5 seconds after the time-out of 30', async () => {
  fixture.webhook.answer = () => undefined;
  await put();
  await eventually(() => fixture.webhook.requests.length === 1);
  fixture.webhook.answer = consent;
  await clock.advance(30_000);
  await eventually(() => clock.nextDueMs() === clock.nowMs() + 5000);
  await clock.advance(5000);
  await eventually(async () => (await state()) === 'Succeeded');
});

test('the CloudEvents handshake asks with OPTIONS and takes the allowed origin as consent', async () => {
  await put({ eventDeliverySchema: 'CloudEventSchemaV1_0' });
  await eventually(async () => (await state()) === 'Succeeded');
  expect(fixture.webhook.requests).toMatchObject([
    { method: 'OPTIONS', url: '/hook?code=secret', headers: { 'webhook-request-origin': 'eventgrid.azure.net' } },
  ]);
  fixture.webhook.answer = () => 404;
  await put({ eventDeliverySchema: 'CloudEventSchemaV1_0' }, 'sub-two');
  await eventually(async () => (await state('sub-two')) === 'Failed');
});

test('an update proves the webhook anew', async () => {
  await fixture.subscribe(WORKSPACE_ID);
  fixture.webhook.answer = () => 500;
  expect(provisioningState(await put())).toBe('Updating');
  await eventually(async () => (await state()) === 'Failed');
});

test.each([
  ['another destination', { destination: { endpointType: 'StorageQueue', properties: {} } }, 'WebHook only'],
  ['plain http beyond loopback', subscriptionProperties('http://example.com/hook'), 'must be https'],
  ['too many attempts', { retryPolicy: { maxDeliveryAttempts: 31 } }, 'maxDeliveryAttempts'],
  [
    'an unknown operator',
    { filter: { advancedFilters: [{ operatorType: 'StringLike', key: 'a', values: ['b'] }] } },
    'operatorType',
  ],
  ['too many filter values', { filter: { advancedFilters: [manyValues('a'), manyValues('b')] } }, '25 values in total'],
  ['an unknown member', { filter: { subjectStartsWith: 'x' } }, 'subjectStartsWith'],
])('%s gets 400 that says what is wrong', async (_what, properties, expected) => {
  const answer = await put(properties);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain(expected);
});

function subscriptionProperties(endpointUrl: string) {
  return { destination: { endpointType: 'WebHook', properties: { endpointUrl } } };
}

function manyValues(key: string) {
  return { operatorType: 'StringIn', key, values: Array.from({ length: 13 }, (_, index) => `${index}`) };
}

test('a topic of CloudEvents cannot be delivered in the Event Grid schema', async () => {
  const { id } = fixture.grid.topic('cloud');
  const answer = await fixture.arm('PUT', id, 'sub-one', subscriptionBody(fixture.webhook.url));
  expect(answer.status).toBe(400);
});

test('an unknown scope is 404, a token for another resource 401, a bad name 400', async () => {
  const body = subscriptionBody(fixture.webhook.url);
  expect((await fixture.arm('PUT', `${WORKSPACE_ID}2`, 'sub-one', body)).status).toBe(404);
  const { value } = await fixture.identity.issueToken('https://eventgrid.azure.net');
  expect((await fixture.arm('PUT', WORKSPACE_ID, 'sub-one', body, value)).status).toBe(401);
  expect((await fixture.arm('PUT', WORKSPACE_ID, 'a', body)).status).toBe(400);
});

test('scope and name are found in any case', async () => {
  fixture.webhook.answer = answering(200);
  await put();
  const answer = await fixture.arm('GET', WORKSPACE_ID.toLowerCase(), 'SUB-one');
  expect(answer.body).toMatchObject({ name: 'sub-one', properties: { topic: WORKSPACE_ID } });
});
