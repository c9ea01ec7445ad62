/** Service Bus triggers and outputs on the local broker, through the official client; the app runs in this process. */
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../local/emulator/clock.ts';
import { type RunningFunctionsHost, startFunctionsHost } from '../../../local/functions-host/start-functions-host.ts';
import { type RunningServiceBus, startServiceBus } from '../../../local/service-bus/start-service-bus.ts';
import { fixture } from './host-process.ts';

interface Seen {
  readonly kind: string;
  readonly body: unknown;
  readonly running?: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const shared = globalThis as unknown as { fixtureBusSeen: Seen[] };
const WITHIN = { timeout: 15_000, interval: 20 };
const log: string[] = [];
let bus: RunningServiceBus;
let client: ServiceBusClient;
let host: RunningFunctionsHost;

beforeAll(async () => {
  const queues = [
    { Name: 'one', Properties: { MaxDeliveryCount: 3 } },
    { Name: 'many' },
    { Name: 'ordered', Properties: { RequiresSession: true } },
    { Name: 'manual' },
    { Name: 'answers' },
  ];
  const topics = [{ Name: 'news', Subscriptions: [{ Name: 'all' }] }];
  const config = { UserConfig: { Namespaces: [{ Queues: queues, Topics: topics }] } };
  bus = await startServiceBus({ port: 0, amqpPort: 0, clock: systemClock, config });
  client = new ServiceBusClient(bus.connectionString, { retryOptions: { retryDelayInMs: 50, maxRetryDelayInMs: 100 } });
  host = await startFunctionsHost({
    scriptRoot: fixture('service-bus'),
    port: 0,
    settings: { AzureWebJobsBus: bus.connectionString, ONE_QUEUE: 'one' },
    clock: systemClock,
    log: (level, message) => log.push(`${level} ${message}`),
  });
});

afterAll(async () => {
  await host?.stop();
  await client?.close();
  await bus?.stop();
});

beforeEach(() => {
  shared.fixtureBusSeen.length = 0;
});

async function send(entity: string, ...messages: ServiceBusMessage[]): Promise<void> {
  const sender = client.createSender(entity);
  await sender.sendMessages(messages);
  await sender.close();
}

const raw = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const seen = (kind: string) => shared.fixtureBusSeen.filter((entry) => entry.kind === kind);
const depth = (path: string) => bus.entities().find((entity) => entity.path === path);

describe('one message at a time', () => {
  test('a message runs the function with its metadata and is completed', async () => {
    await send('one', {
      body: raw({ model: 'flights', Subject: 'of the body' }),
      messageId: 'm-1',
      correlationId: 'c-1',
      subject: 'registered',
      contentType: 'application/json',
      replyTo: 'answers',
      applicationProperties: { Attempt: 2 },
    });
    await expect.poll(() => seen('one').length, WITHIN).toBe(1);
    expect(seen('one')[0]).toMatchObject({
      body: { model: 'flights' },
      metadata: {
        messageId: 'm-1',
        correlationId: 'c-1',
        subject: 'of the body',
        label: 'registered',
        contentType: 'application/json',
        replyTo: 'answers',
        deliveryCount: 1,
        sequenceNumber: 1,
        lockToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
        enqueuedTimeUtc: expect.stringMatching(/Z$/),
        expiresAtUtc: expect.stringMatching(/Z$/),
        applicationProperties: { attempt: 2 },
        userProperties: { attempt: 2 },
        model: 'flights',
      },
    });
    await expect.poll(() => depth('one')?.active, WITHIN).toBe(0);
  });

  test('a failing message is abandoned until its deliveries are used up, then dead-lettered', async () => {
    await send('one', { body: raw({ fail: true }) });
    await expect.poll(() => depth('one')?.deadLettered, WITHIN).toBe(1);
    expect(seen('one').map(({ metadata }) => metadata.deliveryCount)).toEqual([1, 2, 3]);
  });

  test('messages run beside one another', async () => {
    await send('one', ...Array.from({ length: 40 }, (_, index) => ({ body: raw({ index }) })));
    await expect.poll(() => seen('one').length, WITHIN).toBe(40);
    expect(Math.max(...seen('one').map(({ running }) => running ?? 0))).toBeGreaterThan(1);
  });

  test('without autoComplete the message stays locked after the run', async () => {
    await send('manual', { body: raw('kept') });
    await expect.poll(() => seen('manual').length, WITHIN).toBe(1);
    await send('one', { body: raw('later') });
    await expect.poll(() => seen('one').length, WITHIN).toBe(1);
    expect(depth('manual')?.active).toBe(1);
  });
});

describe('many at once', () => {
  test('a batch is one invocation with an array for each kind of metadata', async () => {
    await send('many', ...['a', 'b', 'c'].map((body) => ({ body: raw(body), messageId: `id-${body}` })));
    await expect.poll(() => depth('many')?.active, WITHIN).toBe(0);
    const bodies = seen('many').flatMap(({ body }) => body);
    expect(bodies).toEqual(['a', 'b', 'c']);
    const ids = seen('many').flatMap(({ metadata }) => metadata.messageIdArray);
    expect(ids).toEqual(['id-a', 'id-b', 'id-c']);
  });

  test('a failing batch comes again as a whole', async () => {
    await send('many', { body: raw('d') }, { body: raw('fail') });
    await expect.poll(() => depth('many')?.active, WITHIN).toBe(0);
    const deliveries = seen('many').flatMap(({ body, metadata }) =>
      (body as string[]).map((text, index) => [text, (metadata.deliveryCountArray as number[])[index]]),
    );
    expect(deliveries).toContainEqual(['fail', 1]);
    expect(deliveries).toContainEqual(['fail', 2]);
  });
});

test('messages of a session run in their order, also when one of them has to run again', async () => {
  const bodies = ['1st', 'fail', '3rd'];
  for (const sessionId of ['s1', 's2', 's3', 's4']) {
    await send('ordered', ...bodies.map((body) => ({ body: raw(body), sessionId })));
  }
  await expect.poll(() => depth('ordered')?.active, WITHIN).toBe(0);
  for (const sessionId of ['s1', 's2', 's3', 's4']) {
    const own = seen('session').filter(({ metadata }) => metadata.sessionId === sessionId);
    expect(own.map(({ body }) => body)).toEqual(['1st', 'fail', 'fail', '3rd']);
  }
});

describe('topics and outputs', () => {
  test('an HTTP function publishes to a topic, its subscriber returns messages to a queue', async () => {
    const body = JSON.stringify({ answers: ['plain', { of: 'topic' }] });
    expect((await fetch(`${host.url}/api/publish`, { method: 'POST', body })).status).toBe(202);
    const receiver = client.createReceiver('answers', { receiveMode: 'receiveAndDelete', skipParsingBodyAsJson: true });
    const received = await receiver.receiveMessages(2, { maxWaitTimeInMs: 10_000 });
    expect(received.map((message) => [String(message.body), message.contentType])).toEqual([
      ['plain', 'text/plain'],
      ['{"of":"topic"}', 'text/plain'],
    ]);
    expect(seen('topic')[0]?.body).toEqual({ answers: ['plain', { of: 'topic' }] });
    await receiver.close();
  });

  test('a function for many is run on demand with one message', async () => {
    const body = JSON.stringify({ input: 'by hand' });
    expect((await fetch(`${host.url}/admin/functions/onMany`, { method: 'POST', body })).status).toBe(202);
    await expect.poll(() => seen('many').map(({ body: got }) => got), WITHIN).toEqual([['by hand']]);
  });
});

test('messages are received again after the connections were lost, and the loss is reported', async () => {
  expect(bus.dropConnections()).toBeGreaterThan(0);
  // A link that is opened before the client has noticed the loss hangs for a minute, so the test sends with a new one.
  const later = new ServiceBusClient(bus.connectionString);
  await later.createSender('one').sendMessages({ body: raw('after the loss') });
  await later.createSender('ordered').sendMessages({ body: raw('after the loss'), sessionId: 's9' });
  await expect.poll(() => seen('one').map(({ body }) => body), WITHIN).toContain('after the loss');
  await expect.poll(() => seen('session').map(({ body }) => body), WITHIN).toContain('after the loss');
  await later.close();
  expect(log.join('\n')).toMatch(
    /warning Service Bus entity .* cannot be received from: .*\. The host goes on trying\./,
  );
});
