/** What senders may do: duplicates, schedules, limits and filters, in virtual time. */
import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import type { BrokerMessage } from '../../../local/service-bus/core/broker-message.ts';
import { matchesRules } from '../../../local/service-bus/core/correlation-filter.ts';
import { DuplicateWindow } from '../../../local/service-bus/core/duplicate-window.ts';
import { Intake } from '../../../local/service-bus/core/intake.ts';
import { peekMessages } from '../../../local/service-bus/core/peek.ts';
import { Sequence } from '../../../local/service-bus/core/sequence.ts';
import { StorageBudget } from '../../../local/service-bus/core/storage-budget.ts';

let clock: ManualClock;
let delivered: string[];
let budget: StorageBudget;

beforeEach(() => {
  clock = new ManualClock();
  delivered = [];
  budget = new StorageBudget('q', 1000);
});

function intakeWith(duplicates?: DuplicateWindow): Intake {
  return new Intake({
    path: 'q',
    clock,
    sequence: new Sequence(),
    budget,
    requiresSession: false,
    duplicates,
    copiesOf: () => 1,
    deliver: ({ messageId }) => delivered.push(messageId),
  });
}

function message(messageId: string, scheduledForMs?: number): BrokerMessage {
  return {
    messageId,
    sessionId: undefined,
    timeToLiveMs: undefined,
    scheduledForMs,
    sizeBytes: 100,
    filterable: { applicationProperties: {} },
    content: {},
  };
}

test('a duplicate is one until the window has passed since the first, whatever came between', async () => {
  const window = new DuplicateWindow(clock, 20_000);
  const seen = [window.isDuplicate('a')];
  await clock.advance(15_000);
  seen.push(window.isDuplicate('a'));
  await clock.advance(5000);
  seen.push(window.isDuplicate('a'));
  expect(seen).toEqual([false, true, false]);
});

test('a window that is full refuses as busy instead of forgetting', async () => {
  const intake = intakeWith(new DuplicateWindow(clock, 20_000, 2));
  intake.send([message('a'), message('b')]);
  expect(() => intake.send([message('c')])).toThrow(expect.objectContaining({ code: 'server-busy' }));
  await clock.advance(20_000);
  intake.send([message('c')]);
  expect(delivered).toEqual(['a', 'b', 'c']);
});

test('a scheduled message counts for duplicates from the moment it was scheduled', async () => {
  const intake = intakeWith(new DuplicateWindow(clock, 60_000));
  intake.schedule([message('a', clock.nowMs() + 10_000)]);
  intake.send([message('a')]);
  await clock.advance(10_000);
  expect(delivered).toEqual(['a']);
});

test('cancelling several cancels all of them or none', async () => {
  const intake = intakeWith();
  const [first = 0] = intake.schedule([message('a', clock.nowMs() + 1000)]);
  expect(() => intake.scheduled.cancel([first, 99])).toThrow(expect.objectContaining({ code: 'message-not-found' }));
  await clock.advance(1000);
  expect(delivered).toEqual(['a']);
  expect(budget.usedBytes).toBe(0);
});

test('a batch that does not fit is refused whole', () => {
  const intake = intakeWith();
  const batch = Array.from({ length: 11 }, (_, index) => message(`m${index}`));
  expect(() => intake.send(batch)).toThrow(expect.objectContaining({ code: 'quota-exceeded' }));
  expect(delivered).toEqual([]);
});

test.each([
  ['no rule', [], false],
  ['the true rule', [{ type: 'true' }], true],
  ['an equal label', [{ type: 'correlation', label: 'failed' }], true],
  ['a label in other case', [{ type: 'correlation', label: 'Failed' }], false],
  ['an equal label but a missing property', [{ type: 'correlation', label: 'failed', to: 'x' }], false],
  ['equal application properties', [{ type: 'correlation', applicationProperties: { step: 2, live: true } }], true],
  ['a number for a text', [{ type: 'correlation', applicationProperties: { step: '2' } }], false],
  [
    'one of two rules',
    [
      { type: 'correlation', to: 'x' },
      { type: 'correlation', messageId: 'm' },
    ],
    true,
  ],
] as const)('%s decides whether a subscription gets a message', (_what, rules, matches) => {
  const properties = { label: 'failed', messageId: 'm', applicationProperties: { step: 2, live: true, more: 'y' } };
  expect(matchesRules(rules, properties)).toBe(matches);
});

test('a peek ends before it grows too large, but shows one message however large', () => {
  const messages = [3, 1, 2].map((sequenceNumber) => ({
    message: { ...message(`m${sequenceNumber}`), sizeBytes: 200 },
    sequenceNumber,
    enqueuedSequenceNumber: sequenceNumber,
    enqueuedAtMs: 0,
    expiresAtMs: Number.POSITIVE_INFINITY,
    state: 'active' as const,
    deliveryCount: 0,
    changedProperties: {},
  }));
  const numbersOf = (fromSequenceNumber: number, maxBytes: number) =>
    peekMessages(messages, { fromSequenceNumber, maxCount: 10, maxBytes }).map(({ sequenceNumber }) => sequenceNumber);
  expect(numbersOf(1, 400)).toEqual([1, 2]);
  expect(numbersOf(2, 400)).toEqual([2, 3]);
  expect(numbersOf(1, 10)).toEqual([1]);
});
