/** Event Grid and timer functions in virtual time; the app runs in this process. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { type RunningFunctionsHost, startFunctionsHost } from '../../../local/functions-host/start-functions-host.ts';
import { fixture } from './host-process.ts';

interface Seen {
  readonly kind: string;
  readonly [property: string]: unknown;
}

const shared = globalThis as unknown as { fixtureEventsSeen: Seen[]; fixtureFinishSlow: () => void };
const START_MS = Date.UTC(2026, 4, 1, 10, 30);
const clock = new ManualClock(START_MS);
const log: string[] = [];
let host: RunningFunctionsHost;

beforeAll(async () => {
  host = await startFunctionsHost({
    scriptRoot: fixture('events'),
    port: 0,
    settings: { RETRIED_SCHEDULE: '0 15 12 * * *' },
    clock,
    log: (level, message) => log.push(`${level} ${message}`),
  });
});

afterAll(() => host?.stop());

afterEach(() => {
  shared.fixtureEventsSeen.length = 0;
});

function seen(kind: string): readonly Seen[] {
  return shared.fixtureEventsSeen.filter((entry) => entry.kind === kind);
}

function deliver(functionName: string, type: string | undefined, body: unknown): Promise<Response> {
  return fetch(`${host.url}/runtime/webhooks/EventGrid?functionName=${functionName}`, {
    method: 'POST',
    headers: type ? { 'aeg-event-type': type } : {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function event(id: string, subject = 'models/flights:2') {
  return {
    id,
    subject,
    eventType: 'Sample.Happened',
    eventTime: '2026-05-01T00:00:00Z',
    data: { Name: id },
    dataVersion: '1',
  };
}

describe('timers', () => {
  test('runOnStartup runs once at the start, not past due', async () => {
    await clock.advance(0);
    expect(seen('start')).toEqual([{ kind: 'start', isPastDue: false }]);
  });

  test('an hourly timer runs at the full hour with the times of its last and next run', async () => {
    await clock.advanceTo(Date.UTC(2026, 4, 1, 12, 0));
    expect(seen('hour').map(({ timer }) => timer)).toEqual([
      {
        schedule: { adjustForDST: true },
        scheduleStatus: {
          last: '0001-01-01T00:00:00',
          next: '2026-05-01T11:00:00.000Z',
          lastUpdated: '2026-05-01T10:30:00.000Z',
        },
        isPastDue: false,
      },
      {
        schedule: { adjustForDST: true },
        scheduleStatus: {
          last: '2026-05-01T11:00:00.000Z',
          next: '2026-05-01T12:00:00.000Z',
          lastUpdated: '2026-05-01T11:00:00.000Z',
        },
        isPastDue: false,
      },
    ]);
  });

  test('a timer whose run goes on skips the occurrences that pass meanwhile', async () => {
    shared.fixtureFinishSlow();
    await clock.advance(10 * 60_000);
    const before = seen('slow').length;
    await clock.advance(35 * 60_000);
    expect([before, seen('slow').length]).toEqual([1, 1]);
    shared.fixtureFinishSlow();
    await clock.advanceTo(Date.UTC(2026, 4, 1, 12, 50));
    expect(seen('slow')).toHaveLength(2);
  });

  test('a failing timer is retried as its own policy says, each retry knowing the failure before', async () => {
    await clock.advanceTo(Date.UTC(2026, 4, 2, 12, 15, 0));
    expect(seen('retried')).toEqual([{ kind: 'retried' }]);
    await clock.advance(9_999);
    expect(seen('retried')).toHaveLength(1);
    await clock.advance(20_000);
    expect(seen('retried')).toEqual([
      { kind: 'retried' },
      { kind: 'retried', retry: 1, before: 'not yet' },
      { kind: 'retried', retry: 2, before: 'not yet' },
    ]);
  });

  test('a timer is run on demand over the admin route', async () => {
    const answer = await fetch(`${host.url}/admin/functions/everyHour`, { method: 'POST', body: '{"input":""}' });
    expect(answer.status).toBe(202);
    await expect.poll(() => seen('hour').length).toBe(1);
  });

  test('a function that overruns functionTimeout is a logged failure', async () => {
    await clock.advance(31 * 60_000);
    expect(log.join('\n')).toContain("Timeout value of 1800000 ms exceeded by function 'Functions.slow'");
  });
});

describe('Event Grid', () => {
  test('the validation handshake is answered with the code', async () => {
    const answer = await deliver('onEvent', 'SubscriptionValidation', [{ id: '1', data: { validationCode: 'abc' } }]);
    expect([answer.status, await answer.json()]).toEqual([200, { validationResponse: 'abc' }]);
  });

  test('a CloudEvent validation carries its data as text', async () => {
    const body = { id: '1', data: '{"validationCode":"abc"}' };
    expect(await (await deliver('onEvent', 'SubscriptionValidation', body)).json()).toEqual({
      validationResponse: 'abc',
    });
  });

  test('the CloudEvents handshake names the sender back', async () => {
    const answer = await fetch(`${host.url}/runtime/webhooks/eventgrid?functionname=onevent`, {
      method: 'OPTIONS',
      headers: { 'WebHook-Request-Origin': 'eventgrid.azure.net' },
    });
    expect(answer.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net');
    expect(answer.headers.get('allow')).toContain('POST');
  });

  test('a delivery of two events is two invocations, answered with 202', async () => {
    expect((await deliver('onEvent', 'Notification', [event('a'), event('b')])).status).toBe(202);
    expect(seen('event')).toEqual([
      { kind: 'event', event: event('a'), metadata: { data: { name: 'a' } } },
      { kind: 'event', event: event('b'), metadata: { data: { name: 'b' } } },
    ]);
  });

  test('a binding for many gets the whole delivery in one invocation', async () => {
    await deliver('onMany', 'Notification', [event('a'), event('b')]);
    expect(seen('many')).toEqual([{ kind: 'many', ids: ['a', 'b'] }]);
  });

  test('CloudEvents come singly or as a batch, with their data as metadata', async () => {
    const cloud = (id: string) => ({
      specversion: '1.0',
      id,
      type: 'Sample.Happened',
      source: '/models',
      data: { Name: id },
    });
    expect((await deliver('onEvent', 'Notification', cloud('a'))).status).toBe(202);
    expect((await deliver('onEvent', 'Notification', [cloud('b'), cloud('c')])).status).toBe(202);
    expect(seen('event')).toEqual(
      ['a', 'b', 'c'].map((id) => ({ kind: 'event', event: cloud(id), metadata: { data: { name: id } } })),
    );
    await deliver('onMany', 'Notification', [cloud('d'), cloud('e')]);
    expect(seen('many')).toEqual([{ kind: 'many', ids: ['d', 'e'] }]);
  });

  test('one failing event fails the delivery with its reason, and the others still run', async () => {
    const answer = await deliver('onEvent', 'Notification', [event('a', 'fail'), event('b')]);
    expect([answer.status, await answer.text()]).toEqual([500, 'the handler refused']);
    expect(seen('event')).toHaveLength(1);
  });

  test.each([
    ['an unknown function', 'none', 'Notification', [event('a')], 404],
    ['a function that events do not trigger', 'everyHour', 'Notification', [event('a')], 404],
    ['unsubscribing', 'onEvent', 'Unsubscribe', '', 202],
    ['another event type', 'onEvent', 'Other', [event('a')], 400],
    ['no event type', 'onEvent', undefined, [event('a')], 400],
    ['a body that is no JSON', 'onEvent', 'Notification', '{', 400],
    ['an empty delivery', 'onEvent', 'Notification', [], 400],
    ['a validation without code', 'onEvent', 'SubscriptionValidation', [event('a')], 400],
  ])('%s', async (_case, functionName, type, body, status) => {
    expect((await deliver(functionName, type, body)).status).toBe(status);
    expect(seen('event')).toEqual([]);
  });

  test('an event function is run on demand with an event as its input', async () => {
    const body = JSON.stringify({ input: JSON.stringify(event('demand')) });
    expect((await fetch(`${host.url}/admin/functions/onEvent`, { method: 'POST', body })).status).toBe(202);
    await expect.poll(() => seen('event').length).toBe(1);
  });
});
