/** A Service Bus listener that stops, on a receiver in memory. */
import type { MessageHandlers, ServiceBusReceivedMessage } from '@azure/service-bus';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OutageLog } from '../../../local/functions-host/service-bus/outage-log.ts';
import { createSingleListener } from '../../../local/functions-host/service-bus/single-listener.ts';

const message = { messageId: 'm1', body: 'text' } as ServiceBusReceivedMessage;
const log: string[] = [];
let handlers: MessageHandlers;
let settled: Promise<void>;

beforeEach(() => {
  vi.useFakeTimers();
  log.length = 0;
  settled = Promise.resolve();
});
afterEach(() => {
  vi.useRealTimers();
});

function startListener() {
  const write = (_level: string, text: string) => void log.push(text);
  const listener = createSingleListener({
    functionName: 'onOne',
    isMany: false,
    isBinary: false,
    autoComplete: true,
    maxConcurrentCalls: 1,
    outages: new OutageLog('The queue', write),
    log: write,
    invoker: { functions: () => [], invoke: async () => ({ ok: true, outputs: {} }) },
    receiver: {
      subscribe(given) {
        handlers = given;
        return { close: async () => undefined };
      },
      completeMessage: () => settled,
      abandonMessage: () => settled,
      close: async () => undefined,
    },
  });
  listener.start();
  return listener;
}

test('a settlement that is never answered holds up the stop for a second, and is reported', async () => {
  settled = new Promise(() => undefined);
  const listener = startListener();
  void handlers.processMessage(message);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log).toEqual([]);
  const stopped = listener.stop().then(() => 'stopped');
  await vi.advanceTimersByTimeAsync(999);
  expect(await Promise.race([stopped, 'waiting'])).toBe('waiting');
  await vi.advanceTimersByTimeAsync(1);
  expect(await stopped).toBe('stopped');
  expect(log).toEqual([
    'Message m1 of function onOne could not be settled: the host stops, and no answer came. It comes again when its lock ends.',
  ]);
});

test('a settlement that is answered holds up nothing', async () => {
  const listener = startListener();
  await handlers.processMessage(message);
  await listener.stop();
  expect(log).toEqual([]);
});
