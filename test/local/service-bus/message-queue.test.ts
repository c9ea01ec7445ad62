/** The core of queues in virtual time: locks, delivery counts, expiry, sessions. No message may be lost or doubled. */
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import type { BrokerMessage } from '../../../local/service-bus/core/broker-message.ts';
import { MessageQueue } from '../../../local/service-bus/core/message-queue.ts';
import { deadLetterRules, type QueueRules } from '../../../local/service-bus/core/queue-rules.ts';
import { Sequence } from '../../../local/service-bus/core/sequence.ts';
import { StorageBudget } from '../../../local/service-bus/core/storage-budget.ts';

const defaults: QueueRules = {
  lockDurationMs: 60_000,
  maxDeliveryCount: 3,
  requiresSession: false,
  defaultTimeToLiveMs: Number.POSITIVE_INFINITY,
  deadLetterOnExpiration: true,
};
const abandon = { type: 'abandon', properties: {} } as const;

let clock: ManualClock;
let budget: StorageBudget;
let deadLetters: MessageQueue;

beforeEach(() => {
  clock = new ManualClock();
  budget = new StorageBudget('q', 1_000_000);
});

function queueWith(rules: Partial<QueueRules> = {}): MessageQueue {
  let tokens = 0;
  const all = { ...defaults, ...rules };
  const shared = { clock, budget, sequence: new Sequence(), newLockToken: () => `token-${++tokens}` };
  deadLetters = new MessageQueue({ ...shared, path: 'q/$deadletterqueue', rules: deadLetterRules(all) });
  return new MessageQueue({ ...shared, path: 'q', rules: all, deadLetters });
}

function message(messageId: string, rest: Partial<BrokerMessage> = {}): BrokerMessage {
  return {
    messageId,
    sessionId: undefined,
    timeToLiveMs: undefined,
    scheduledForMs: undefined,
    sizeBytes: 100,
    filterable: { applicationProperties: {} },
    content: {},
    ...rest,
  };
}

function receivedId(queue: MessageQueue): string | undefined {
  return queue.receive()?.stored.message.messageId;
}

test('a lock ends exactly after its duration and counts one failed delivery', async () => {
  const queue = queueWith();
  queue.add(message('a'));
  queue.receive();
  await clock.advance(59_999);
  expect(queue.receive()).toBeUndefined();
  await clock.advance(1);
  expect(queue.receive()?.stored.deliveryCount).toBe(1);
});

test('a message that fails goes before messages that came after it', () => {
  const queue = queueWith();
  for (const id of ['a', 'b', 'c']) queue.add(message(id));
  const first = queue.receive();
  expect(receivedId(queue)).toBe('b');
  queue.settle(first?.lockToken ?? '', abandon);
  expect(receivedId(queue)).toBe('a');
  expect(receivedId(queue)).toBe('c');
});

test('a token works once', () => {
  const queue = queueWith();
  queue.add(message('a'));
  const token = queue.receive()?.lockToken ?? '';
  queue.settle(token, { type: 'complete' });
  expect(() => queue.settle(token, { type: 'complete' })).toThrow(
    expect.objectContaining({ code: 'message-lock-lost' }),
  );
  expect(budget.usedBytes).toBe(0);
});

test('expired locks alone bring a message to the dead-letter queue', async () => {
  const queue = queueWith();
  queue.add(message('a'));
  for (let delivery = 0; delivery < 3; delivery += 1) {
    expect(receivedId(queue)).toBe('a');
    await clock.advance(60_000);
  }
  expect(queue.depth()).toEqual({ active: 0, locked: 0, deferred: 0 });
  expect(deadLetters.all()).toMatchObject([
    { deliveryCount: 3, deadLetterCause: { reason: 'MaxDeliveryCountExceeded' } },
  ]);
});

test('a locked message outlives its time until the lock ends, and can be completed', async () => {
  const queue = queueWith();
  queue.add(message('kept', { timeToLiveMs: 30_000 }));
  queue.add(message('late', { timeToLiveMs: 30_000 }));
  const kept = queue.receive();
  queue.receive();
  await clock.advance(45_000);
  expect(queue.depth().locked).toBe(2);
  queue.settle(kept?.lockToken ?? '', { type: 'complete' });
  await clock.advance(15_000);
  expect(deadLetters.all().map((stored) => stored.message.messageId)).toEqual(['late']);
});

test('an expired message is dropped where expiry does not dead-letter', async () => {
  const queue = queueWith({ deadLetterOnExpiration: false, defaultTimeToLiveMs: 1000 });
  queue.add(message('a', { timeToLiveMs: 5000 }));
  await clock.advance(1000);
  expect([queue.all(), deadLetters.all(), budget.usedBytes]).toEqual([[], [], 0]);
});

test('lives beyond the longest timer of the platform neither end at once nor never', async () => {
  const queue = queueWith();
  const days40Ms = 40 * 86_400_000;
  queue.add(message('a', { timeToLiveMs: days40Ms }));
  await clock.advance(days40Ms - 1);
  expect(queue.depth().active).toBe(1);
  await clock.advance(1);
  expect(queue.depth().active).toBe(0);
});

test('a deferred message expires, and abandoning it leaves it deferred', async () => {
  const queue = queueWith();
  queue.add(message('a', { timeToLiveMs: 90_000 }));
  queue.settle(queue.receive()?.lockToken ?? '', { type: 'defer', properties: {} });
  const [deferred] = queue.receiveDeferred([1]);
  expect(() => queue.receiveDeferred([1])).toThrow(expect.objectContaining({ code: 'message-not-found' }));
  queue.settle(deferred?.lockToken ?? '', abandon);
  expect([queue.receive(), queue.depth().deferred]).toEqual([undefined, 1]);
  await clock.advance(90_000);
  expect(deadLetters.depth().active).toBe(1);
});

test('a message without a session id is dead-lettered where a subscription requires sessions', () => {
  const queue = queueWith({ requiresSession: true });
  queue.add(message('a'));
  expect(deadLetters.all()[0]?.deadLetterCause?.reason).toBe('Session ID is null.');
});

test('a receiver whose session ended gets nothing more', async () => {
  const queue = queueWith({ requiresSession: true });
  queue.add(message('a', { sessionId: 's' }));
  let lost = 0;
  const session = queue.sessions.accept('s', () => {
    lost += 1;
  });
  await clock.advance(60_000);
  expect([lost, queue.receive(session)]).toEqual([1, undefined]);
  queue.releaseSession(session);
  expect(queue.acceptNextSession(() => {})?.sessionId).toBe('s');
});

test('the receiver that got the last message is told of the next one last', () => {
  const queue = queueWith();
  const taken: string[] = [];
  for (const name of ['one', 'two']) {
    queue.watchers.add(() => {
      if (!queue.receive()) return false;
      taken.push(name);
      return true;
    });
  }
  for (const id of ['a', 'b', 'c']) queue.add(message(id));
  expect(taken).toEqual(['one', 'two', 'one']);
});

test('whatever receivers do and whenever they fail, every message is in one place or was completed', async () => {
  const action = fc.oneof(
    fc.constant('send' as const),
    fc.constant('receive' as const),
    fc.constantFrom(
      'complete' as const,
      'abandon' as const,
      'defer' as const,
      'dead-letter' as const,
      'break' as const,
    ),
    fc.constantFrom('wait' as const, 'take deferred' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 80 }), async (actions) => {
      clock = new ManualClock();
      budget = new StorageBudget('q', 1_000_000);
      const queue = queueWith();
      const held: string[] = [];
      let sent = 0;
      let completed = 0;
      const settle = (type: 'complete' | 'abandon' | 'defer' | 'dead-letter') => {
        const cause = { reason: 'r', description: '' };
        try {
          queue.settle(held.shift() ?? 'none', { type, properties: {}, cause } as never);
          if (type === 'complete') completed += 1;
        } catch (error) {
          expect(error).toMatchObject({ code: 'message-lock-lost' });
        }
      };
      for (const [step, what] of actions.entries()) {
        if (what === 'send') {
          sent += 1;
          queue.add(message(`m${step}`));
        } else if (what === 'receive') {
          const locked = queue.receive();
          if (locked) held.push(locked.lockToken);
        } else if (what === 'wait') await clock.advance(25_000);
        else if (what === 'break') queue.breakLocks(held.splice(0));
        else if (what === 'take deferred') {
          const [deferred] = queue.all().filter(({ state }) => state === 'deferred');
          try {
            const [locked] = deferred ? queue.receiveDeferred([deferred.sequenceNumber]) : [];
            if (locked) held.push(locked.lockToken);
          } catch (error) {
            expect(error).toMatchObject({ code: 'message-not-found' });
          }
        } else settle(what);
      }
      const kept = [...queue.all(), ...deadLetters.all()];
      expect(new Set(kept.map((stored) => stored.message.messageId)).size).toBe(sent - completed);
      expect(kept.length).toBe(sent - completed);
      expect(budget.usedBytes).toBe(kept.length * 100);
      await clock.advance(60_000);
      const reachable = [];
      for (let next = queue.receive(); next; next = queue.receive()) reachable.push(next);
      expect(reachable.length).toBe(queue.all().filter(({ state }) => state === 'active').length);
    }),
    { numRuns: 100, seed: 20_260_101 },
  );
});
