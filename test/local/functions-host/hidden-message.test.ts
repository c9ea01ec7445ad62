/** A running function keeps its message hidden; in virtual time. */
import type { DequeuedMessageItem } from '@azure/storage-queue';
import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { HiddenMessage } from '../../../local/functions-host/storage-queues/hidden-message.ts';

const MINUTE_MS = 60_000;
const message = { messageId: 'm1', popReceipt: 'receipt-0' } as DequeuedMessageItem;
let clock: ManualClock;
let renewals: readonly unknown[][];
let failing: boolean;
const log: string[] = [];

const queue = {
  async updateMessage(...call: unknown[]) {
    if (failing) throw new Error('the storage is away');
    renewals = [...renewals, call];
    return { popReceipt: `receipt-${renewals.length}` };
  },
} as unknown as ConstructorParameters<typeof HiddenMessage>[0];

beforeEach(() => {
  clock = new ManualClock();
  renewals = [];
  failing = false;
  log.length = 0;
});

const hide = () => new HiddenMessage(queue, message, clock, (_level, text) => log.push(text));

test('a function that ends within five minutes settles with the first receipt', async () => {
  const hidden = hide();
  await clock.advance(4 * MINUTE_MS);
  expect(await hidden.release()).toBe('receipt-0');
  await clock.advance(60 * MINUTE_MS);
  expect(renewals).toEqual([]);
});

test('a long run hides its message for ten more minutes every five, each time with the newest receipt', async () => {
  const hidden = hide();
  await clock.advance(11 * MINUTE_MS);
  expect(renewals).toEqual([
    ['m1', 'receipt-0', undefined, 600],
    ['m1', 'receipt-1', undefined, 600],
  ]);
  expect(await hidden.release()).toBe('receipt-2');
  await clock.advance(60 * MINUTE_MS);
  expect(renewals).toHaveLength(2);
});

test('a renewal that fails is reported and tried again', async () => {
  const hidden = hide();
  failing = true;
  await clock.advance(5 * MINUTE_MS);
  failing = false;
  await clock.advance(5 * MINUTE_MS);
  expect(log).toEqual(['Message m1 could not be kept hidden: the storage is away. It may run twice.']);
  expect(await hidden.release()).toBe('receipt-1');
});
