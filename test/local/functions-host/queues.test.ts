/** Storage queue triggers and outputs on Azurite's queue service; the app runs in this process. */
import type { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../local/emulator/clock.ts';
import { type RunningFunctionsHost, startFunctionsHost } from '../../../local/functions-host/start-functions-host.ts';
import { fixture } from './host-process.ts';
import { type QueueStorage, startQueueStorage } from './queue-storage.ts';

interface Seen {
  readonly body: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const shared = globalThis as unknown as { fixtureQueueSeen: Seen[]; fixtureQueueWaiting: (() => void)[] };
const WITHIN = { timeout: 10_000, interval: 20 };
const log: string[] = [];
let storage: QueueStorage;
let host: RunningFunctionsHost;
let jobs: QueueClient;

beforeAll(async () => {
  storage = await startQueueStorage();
  jobs = storage.service.getQueueClient('jobs');
  host = await startFunctionsHost({
    scriptRoot: fixture('queue'),
    port: 0,
    settings: { AzureWebJobsJobsStorage: storage.connectionString, JOBS_QUEUE: 'Jobs' },
    clock: systemClock,
    log: (level, message) => log.push(`${level} ${message}`),
  });
  for (const name of ['jobs', 'split-in', 'audit']) await storage.service.createQueue(name);
});

afterAll(async () => {
  try {
    await host?.stop();
  } finally {
    await storage?.stop();
  }
});

beforeEach(async () => {
  shared.fixtureQueueSeen.length = 0;
  await storage.service.getQueueClient('audit').clearMessages();
});

const send = (queue: QueueClient, value: unknown) =>
  queue.sendMessage(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64'));

const seen = () => shared.fixtureQueueSeen;

async function texts(queueName: string): Promise<readonly string[]> {
  const { peekedMessageItems } = await storage.service.getQueueClient(queueName).peekMessages({ numberOfMessages: 32 });
  return peekedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString('utf8'));
}

async function count(queue: QueueClient): Promise<number | undefined> {
  return (await queue.getProperties()).approximateMessagesCount;
}

describe('trigger', () => {
  test('a message of a queue that was made after the start runs the function and is deleted', async () => {
    const { messageId } = await send(jobs, { model: 'flights', Dequeued: 'own', list: [1], audit: 'done' });
    await expect.poll(() => seen().length, WITHIN).toBe(1);
    expect(seen()[0]).toMatchObject({
      body: { model: 'flights' },
      metadata: {
        id: messageId,
        queueTrigger: { model: 'flights' },
        dequeueCount: 1,
        expirationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
        insertionTime: expect.any(String),
        nextVisibleTime: expect.any(String),
        popReceipt: expect.anything(),
        model: 'flights',
        dequeued: 'own',
      },
    });
    expect(seen()[0]?.metadata).not.toHaveProperty('list');
    await expect.poll(() => count(jobs), WITHIN).toBe(0);
  });

  test('a text that is no JSON comes as text', async () => {
    await send(jobs, 'grüße, no JSON');
    await expect.poll(() => seen().map(({ body }) => body), WITHIN).toEqual(['grüße, no JSON']);
  });

  test('a message that fails five times is tried five times and then set aside, as it was', async () => {
    await send(jobs, { fail: true });
    const poison = storage.service.getQueueClient('jobs-poison');
    await expect.poll(() => count(poison).catch(() => 0), WITHIN).toBe(1);
    expect(seen().map(({ metadata }) => metadata.dequeueCount)).toEqual([1, 2, 3, 4, 5]);
    expect(await texts('jobs-poison')).toEqual(['{"fail":true}']);
    await expect.poll(() => count(jobs), WITHIN).toBe(0);
    expect(log.join('\n')).toContain(
      "Message has reached MaxDequeueCount of 5. Moving message to queue 'jobs-poison'.",
    );
    await poison.clearMessages();
  });

  test('a message that is not base64 never runs and is set aside with a log entry that says why', async () => {
    await jobs.sendMessage('{"plain":true}');
    const poison = storage.service.getQueueClient('jobs-poison');
    await expect.poll(() => count(poison), WITHIN).toBe(1);
    expect((await poison.peekMessages()).peekedMessageItems[0]?.messageText).toBe('{"plain":true}');
    expect(seen()).toEqual([]);
    expect(log.join('\n')).toMatch(/error Message .* of queue jobs is not base64, which function onMessage expects/);
    await poison.clearMessages();
  });

  test('messages that run are hidden from other readers, and each runs once', async () => {
    for (let index = 0; index < 30; index += 1) await send(jobs, { wait: true, index });
    await expect.poll(() => seen().length, WITHIN).toBeGreaterThan(8);
    const running = seen().map(({ metadata }) => metadata.id);
    const visible = (await jobs.peekMessages({ numberOfMessages: 32 })).peekedMessageItems;
    expect(visible.filter(({ messageId }) => running.includes(messageId))).toEqual([]);
    await expect
      .poll(async () => {
        for (const finish of shared.fixtureQueueWaiting.splice(0)) finish();
        return count(jobs);
      }, WITHIN)
      .toBe(0);
    expect(new Set(seen().map(({ metadata }) => metadata.id)).size).toBe(30);
    expect(seen()).toHaveLength(30);
  });

  test('a message can be handed in over the admin route', async () => {
    const body = JSON.stringify({ input: '{"model":"by hand"}' });
    expect((await fetch(`${host.url}/admin/functions/onMessage`, { method: 'POST', body })).status).toBe(202);
    await expect.poll(() => seen().map(({ body: got }) => got), WITHIN).toEqual([{ model: 'by hand' }]);
    expect(seen()[0]?.metadata).toMatchObject({ queueTrigger: { model: 'by hand' }, model: 'by hand' });
  });
});

describe('output', () => {
  test('a returned array is one message for each element; the queue is made at the first', async () => {
    await send(storage.service.getQueueClient('split-in'), { parts: ['a', { b: 1 }, 3, ['c']] });
    await expect.poll(() => texts('split-out').catch(() => []), WITHIN).toEqual(['a', '{"b":1}', '3', '["c"]']);
  });

  test('an HTTP function sends an extra output before it answers', async () => {
    const answer = await fetch(`${host.url}/api/enqueue`, { method: 'POST', body: 'hello' });
    expect(answer.status).toBe(202);
    expect(await texts('audit')).toEqual(['hello']);
  });

  test('an output that cannot be sent fails the run', async () => {
    const answer = await fetch(`${host.url}/api/enqueue`, { method: 'POST', body: 'x'.repeat(70_000) });
    expect(answer.status).toBe(500);
    expect(log.join('\n')).toMatch(/Failed.*\n.*The output to binding queueOutput\w+ \(queue\) could not be sent/);
  });

  test('outputs of a failing run are not sent', async () => {
    await send(jobs, { audit: 'never', fail: true });
    const poison = storage.service.getQueueClient('jobs-poison');
    await expect.poll(() => count(poison), WITHIN).toBe(1);
    expect(await texts('audit')).toEqual([]);
  });
});
