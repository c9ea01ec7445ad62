/** Custom topics through the official EventGridPublisherClient and through raw requests. */
import {
  AzureKeyCredential,
  AzureSASCredential,
  EventGridDeserializer,
  EventGridPublisherClient,
  generateSharedAccessSignature,
} from '@azure/eventgrid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../local/emulator/clock.ts';
import { eventually, type GridFixture, startGridFixture } from './fixture.ts';

let fixture: GridFixture;

beforeAll(async () => {
  fixture = await startGridFixture({ clock: systemClock });
});
afterAll(() => fixture.stop());

const cloudEvent = { type: 'Slipway.PhaseChanged', source: '/slipway', subject: 'rollout/1', data: { phase: 'bake' } };
const gridEvent = { eventType: 'Slipway.Test', subject: 'a/b', dataVersion: '1.0', data: { x: 1 } };

function clientOptions() {
  return { tlsOptions: { ca: fixture.tls.ca }, retryOptions: { maxRetries: 0 } };
}

function lastAccepted(): string | undefined {
  return fixture.grid.accepted().at(-1)?.id;
}

test('CloudEvents are accepted by key and reach a CloudEvents subscriber one by one, extensions kept', async () => {
  const { endpoint, key, id } = fixture.grid.topic('cloud');
  await fixture.subscribe(id, { eventDeliverySchema: 'CloudEventSchemaV1_0' });
  const client = new EventGridPublisherClient(endpoint, 'CloudEvent', new AzureKeyCredential(key), clientOptions());
  await client.send([
    { ...cloudEvent, id: 'e1', extensionAttributes: { rolloutid: 'r1' } },
    { ...cloudEvent, id: 'e2' },
  ]);
  await eventually(() => fixture.webhook.requests.filter((one) => one.method === 'POST').length === 2);
  const posts = fixture.webhook.requests.filter((one) => one.method === 'POST');
  const bodies = posts.map((one) => JSON.parse(one.body) as { id: string });
  expect(bodies.find((one) => one.id === 'e1')).toMatchObject({
    specversion: '1.0',
    source: '/slipway',
    type: 'Slipway.PhaseChanged',
    rolloutid: 'r1',
    data: { phase: 'bake' },
  });
  expect(posts[0]?.headers).toMatchObject({
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'aeg-event-type': 'Notification',
    'aeg-subscription-name': 'SUB-ONE',
    'aeg-delivery-count': '0',
  });
});

test('an event in the Event Grid schema comes out with topic and metadataVersion, as the SDK deserializer requires', async () => {
  const { endpoint, key, id } = fixture.grid.topic('classic');
  await fixture.subscribe(id);
  const client = new EventGridPublisherClient(endpoint, 'EventGrid', new AzureKeyCredential(key), clientOptions());
  await client.send([{ ...gridEvent, id: 'g1' }]);
  await eventually(() => fixture.webhook.notifications().some((one) => one.body.includes('"g1"')));
  const body = fixture.webhook.notifications().find((one) => one.body.includes('"g1"'))?.body ?? '';
  const [event] = await new EventGridDeserializer().deserializeEventGridEvents(body);
  expect(event).toMatchObject({ id: 'g1', topic: id, eventType: 'Slipway.Test', data: { x: 1 } });
});

test('a shared access signature is accepted until it expires, and never for another topic', async () => {
  const { endpoint, key } = fixture.grid.topic('cloud');
  const sign = (url: string, expiresAt: Date) =>
    generateSharedAccessSignature(url, new AzureKeyCredential(key), expiresAt);
  const send = async (token: string) => {
    const client = new EventGridPublisherClient(endpoint, 'CloudEvent', new AzureSASCredential(token), clientOptions());
    await client.send([{ ...cloudEvent, id: 'sas' }]);
  };
  const soon = new Date(Date.now() + 60_000);
  await send(await sign(endpoint, soon));
  expect(lastAccepted()).toBe('sas');
  await expect(send(await sign(endpoint, new Date(Date.now() - 60_000)))).rejects.toMatchObject({ statusCode: 401 });
  await expect(send(await sign(fixture.grid.topic('classic').endpoint, soon))).rejects.toMatchObject({
    statusCode: 401,
  });
  await expect(send(`${await sign(endpoint, soon)}x`)).rejects.toMatchObject({ statusCode: 401 });
});

test('a bearer token for Event Grid is accepted, one for another resource is not', async () => {
  const { endpoint } = fixture.grid.topic('cloud');
  const send = async (resource: string) => {
    const { value, expiresOnSeconds } = await fixture.identity.issueToken(resource);
    const credential = { getToken: async () => ({ token: value, expiresOnTimestamp: expiresOnSeconds * 1000 }) };
    await new EventGridPublisherClient(endpoint, 'CloudEvent', credential, clientOptions()).send([
      { ...cloudEvent, id: 'bearer' },
    ]);
  };
  await send('https://eventgrid.azure.net');
  expect(lastAccepted()).toBe('bearer');
  await expect(send('https://management.azure.com')).rejects.toMatchObject({ statusCode: 401 });
});

test('a wrong key gets 401 and nothing is accepted', async () => {
  const { endpoint } = fixture.grid.topic('cloud');
  const client = new EventGridPublisherClient(endpoint, 'CloudEvent', new AzureKeyCredential('bm8='), clientOptions());
  const before = fixture.grid.accepted().length;
  await expect(client.send([cloudEvent])).rejects.toMatchObject({ statusCode: 401 });
  expect(fixture.grid.accepted()).toHaveLength(before);
});

test('a request above 1 MB gets 413', async () => {
  const { endpoint, key } = fixture.grid.topic('cloud');
  const client = new EventGridPublisherClient(endpoint, 'CloudEvent', new AzureKeyCredential(key), clientOptions());
  const big = { ...cloudEvent, data: { text: 'x'.repeat(1024 * 1024) } };
  await expect(client.send([big])).rejects.toMatchObject({ statusCode: 413 });
});

test.each([
  ['an empty list', 'classic', 'application/json', '[]', 'body'],
  ['no JSON', 'classic', 'application/json', '{', 'not valid JSON'],
  [
    'an event without type',
    'classic',
    'application/json',
    '[{"id":"1","subject":"s","eventTime":"2026-01-01T00:00:00Z"}]',
    '0.eventType',
  ],
  [
    'a foreign topic',
    'classic',
    'application/json',
    '[{"id":"1","subject":"s","eventType":"t","topic":"/other","eventTime":"2026-01-01T00:00:00Z"}]',
    '0.topic',
  ],
  ['the other schema', 'cloud', 'application/json', '[]', 'CloudEventSchemaV1_0'],
  [
    'a CloudEvent of an unknown version',
    'cloud',
    'application/cloudevents+json',
    '{"specversion":"0.3","id":"1","source":"s","type":"t"}',
    '0.specversion',
  ],
  [
    'an upper-case attribute',
    'cloud',
    'application/cloudevents+json',
    '{"specversion":"1.0","id":"1","source":"s","type":"t","Bad":"x"}',
    '0.Bad',
  ],
])('%s gets 400 that says where', async (_what, topic, contentType, body, expected) => {
  const { endpoint, key } = fixture.grid.topic(topic);
  const headers = { 'aeg-sas-key': key, 'content-type': contentType };
  const answer = await fixture.http('POST', `${endpoint}?api-version=2018-01-01`, headers, body);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain(expected);
});

test('an unknown topic is 404 and an unknown api-version 400', async () => {
  const { endpoint, key } = fixture.grid.topic('cloud');
  const headers = { 'aeg-sas-key': key, 'content-type': 'application/cloudevents+json' };
  const unknown = endpoint.replace('/cloud/', '/nowhere/');
  expect((await fixture.http('POST', `${unknown}?api-version=2018-01-01`, headers, '{}')).status).toBe(404);
  expect((await fixture.http('POST', `${endpoint}?api-version=2019-01-01`, headers, '{}')).status).toBe(400);
});
