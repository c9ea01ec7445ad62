/** Pace and bounds of the queue listener, on a queue in memory and in virtual time. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { queuesSection } from '../../../local/functions-host/settings/queues-section.ts';
import {
  QueueListener,
  type QueueListenerOptions,
} from '../../../local/functions-host/storage-queues/queue-listener.ts';

const MINUTE_MS = 60_000;
let clock: ManualClock;
let waiting: object[];
let looksAtMs: number[];
let problem: Error | undefined;
let finishers: (() => void)[];
let deleted: string[];
let poisoned: string[];
let log: string[];
let listener: QueueListener;

const message = (id: number, dequeueCount = 1) => ({
  messageId: `m${id}`,
  popReceipt: `r${id}`,
  messageText: 'eyJhIjoxfQ==',
  dequeueCount,
  insertedOn: new Date(0),
  expiresOn: new Date(0),
  nextVisibleOn: new Date(0),
});

const queue = {
  name: 'jobs',
  async receiveMessages({ numberOfMessages = 1 }) {
    looksAtMs.push(clock.nowMs());
    if (problem) throw problem;
    return { receivedMessageItems: waiting.splice(0, numberOfMessages) };
  },
  async deleteMessage(id: string) {
    deleted.push(id);
  },
  async updateMessage() {
    return {};
  },
} as unknown as QueueListenerOptions['queue'];

const poison = {
  name: 'jobs-poison',
  async createIfNotExists() {},
  async sendMessage(text: string) {
    poisoned.push(text);
  },
} as unknown as QueueListenerOptions['poison'];

beforeEach(() => {
  clock = new ManualClock(0);
  [waiting, looksAtMs, finishers, deleted, poisoned, log] = [[], [], [], [], [], []];
  problem = undefined;
  listener = new QueueListener({
    functionName: 'onJob',
    queue,
    poison,
    section: queuesSection.parse({}),
    invoker: {
      functions: () => [],
      invoke: () => new Promise((resolve) => finishers.push(() => resolve({ ok: true, outputs: {} }))),
    },
    clock,
    log: (level, text) => log.push(`${level} ${text}`),
  });
});

afterEach(async () => {
  const stopped = listener.stop();
  for (const finish of finishers.splice(0)) finish();
  await stopped;
});

test('sixteen messages run at first; when eight are left, sixteen more are taken', async () => {
  waiting = Array.from({ length: 40 }, (_, id) => message(id));
  listener.start();
  await clock.advance(MINUTE_MS);
  expect(finishers).toHaveLength(16);
  for (const finish of finishers.splice(0, 7)) finish();
  await clock.advance(MINUTE_MS);
  expect(finishers).toHaveLength(9);
  for (const finish of finishers.splice(0, 1)) finish();
  await clock.advance(MINUTE_MS);
  expect(finishers).toHaveLength(24);
  expect(deleted).toHaveLength(8);
});

test('an empty queue is looked at less and less often, a message resets the pace', async () => {
  listener.start();
  await clock.advance(7000);
  expect(looksAtMs).toEqual([0, 100, 300, 700, 1500, 3100, 5100]);
  waiting.push(message(1));
  await clock.advanceTo(7200);
  expect(looksAtMs.slice(7)).toEqual([7100, 7100, 7200]);
});

test('a queue that does not exist is waited for without a word, a storage that is away is reported once', async () => {
  problem = Object.assign(new Error('The specified queue does not exist.'), { statusCode: 404 });
  listener.start();
  await clock.advance(10_000);
  expect(log).toEqual([]);
  problem = new Error('connect ECONNREFUSED');
  await clock.advance(10_000);
  expect(log).toEqual(['warning Queue jobs of function onJob cannot be read: connect ECONNREFUSED.']);
});

test('a message that came more often than it may is set aside without a run', async () => {
  waiting.push(message(1, 6));
  listener.start();
  await clock.advance(0);
  await expect.poll(() => deleted).toEqual(['m1']);
  expect([finishers.length, poisoned]).toEqual([0, ['eyJhIjoxfQ==']]);
});

test('stop takes nothing new and waits for what runs', async () => {
  waiting.push(message(1));
  listener.start();
  await clock.advance(0);
  let hasStopped = false;
  const stopped = listener.stop().then(() => {
    hasStopped = true;
  });
  waiting.push(message(2));
  await clock.advance(MINUTE_MS);
  expect([hasStopped, finishers.length]).toEqual([false, 1]);
  finishers[0]?.();
  await stopped;
  expect([deleted, waiting.length]).toEqual([['m1'], 1]);
});
