/** Event Grid outputs against the local Event Grid, by key and by identity; the host is a process, so that it trusts the certificate. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../local/emulator/clock.ts';
import { type GridFixture, startGridFixture } from '../event-grid/fixture.ts';
import { fixture, type HostProcess, startHostProcess } from './host-process.ts';

let grid: GridFixture;
let host: HostProcess;

beforeAll(async () => {
  grid = await startGridFixture({ clock: systemClock });
  const [classic, cloud] = ['classic', 'cloud'].map((name) => grid.grid.topic(name));
  host = await startHostProcess(['--script-root', fixture('event-output'), '--port', '0'], {
    NODE_EXTRA_CA_CERTS: grid.tls.caPath,
    CLASSIC_ENDPOINT: classic?.endpoint,
    CLASSIC_KEY: classic?.key,
    CLOUD_ENDPOINT: cloud?.endpoint,
    CLOUD_KEY: cloud?.key,
    Topic__topicEndpointUri: cloud?.endpoint,
    IDENTITY_ENDPOINT: grid.identity.endpoint,
    IDENTITY_HEADER: grid.identity.header,
  });
});

afterAll(async () => {
  await host?.kill('SIGKILL');
  await grid?.stop();
});

async function publish(functionName: string, events: unknown): Promise<number> {
  return (await fetch(`${host.url}/api/${functionName}`, { method: 'POST', body: JSON.stringify(events) })).status;
}

const accepted = (id: string) => grid.grid.accepted().filter((event) => event.id === id);

function gridEvent(id: string) {
  return {
    id,
    subject: 'models/m1',
    eventType: 'App.Done',
    eventTime: '2026-05-01T00:00:00Z',
    data: { id },
    dataVersion: '1',
  };
}

function cloudEvent(id: string) {
  return {
    specversion: '1.0',
    id,
    type: 'App.Done',
    source: '/app',
    time: '2026-05-01T00:00:00Z',
    data: { id },
    tenant: 't1',
  };
}

test('one event and an array of events reach a topic of the Event Grid schema', async () => {
  expect(await publish('classic', gridEvent('g1'))).toBe(202);
  expect(await publish('classic', [gridEvent('g2'), gridEvent('g3')])).toBe(202);
  expect(['g1', 'g2', 'g3'].map((id) => accepted(id)[0])).toMatchObject([
    { inputSchema: 'EventGridSchema', type: 'App.Done', subject: 'models/m1', data: { id: 'g1' } },
    { data: { id: 'g2' } },
    { data: { id: 'g3' } },
  ]);
});

test('CloudEvents keep their extension attributes', async () => {
  expect(await publish('cloud', [cloudEvent('c1')])).toBe(202);
  expect(accepted('c1')[0]).toMatchObject({
    inputSchema: 'CloudEventSchemaV1_0',
    cloudEvent: { source: '/app', tenant: 't1', data: { id: 'c1' } },
  });
});

test('a connection without key publishes with the identity of the app', async () => {
  expect(await publish('identified', cloudEvent('c2'))).toBe(202);
  expect(accepted('c2')).toHaveLength(1);
});

test.each([
  ['an event that lacks a member', { id: 'x1', subject: 's' }],
  ['a text', 'no event'],
  ['an event of the other schema than the topic takes', cloudEvent('x2')],
])('%s fails the run and says so', async (_case, value) => {
  const logged = host.output().length;
  expect(await publish('classic', value)).toBe(500);
  await expect.poll(() => host.output().slice(logged)).toContain('(eventGrid) could not be sent');
});
