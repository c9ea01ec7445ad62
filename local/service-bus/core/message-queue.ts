/**
 * What receivers see: a queue, a subscription, or the dead-letter queue of either.
 *
 * 1. A message is in exactly one place: ready, locked, deferred, or handed to the dead-letter queue.
 * 2. A message leaves by completion, receive-and-delete, expiry or dead-lettering; nothing else loses it.
 * 3. A lock that expires, or whose connection breaks, counts as a failed delivery; so does an abandon.
 *    The MaxDeliveryCount-th failure dead-letters. A session that is closed properly fails nothing.
 * 4. A locked message does not expire before its lock ends. A dead-letter queue observes neither time to live,
 *    sessions nor delivery count.
 *
 * Semantics: Azure Service Bus documentation, "Message transfers, locks, and settlement", "Service Bus dead-letter
 * queues", "Message sessions".
 */
import type { Clock } from '../../emulator/clock.ts';
import type { BrokerMessage, DeadLetterCause, LockedMessage, StoredMessage } from './broker-message.ts';
import { BrokerRefusal } from './broker-refusal.ts';
import { KeptMessages } from './kept-messages.ts';
import { LockTable, type MessageLock } from './lock-table.ts';
import type { QueueRules } from './queue-rules.ts';
import { ReadyMessages } from './ready-messages.ts';
import type { Sequence } from './sequence.ts';
import { type SessionLock, SessionTable } from './session-table.ts';
import type { Settlement } from './settlement.ts';
import type { StorageBudget } from './storage-budget.ts';
import { Watchers } from './watchers.ts';

export interface MessageQueueOptions {
  readonly path: string;
  readonly rules: QueueRules;
  readonly clock: Clock;
  readonly sequence: Sequence;
  readonly budget: StorageBudget;
  readonly newLockToken: () => string;
  /** Absent in a dead-letter queue. */
  readonly deadLetters?: MessageQueue;
}

export interface QueueDepth {
  readonly active: number;
  readonly locked: number;
  readonly deferred: number;
}

export class MessageQueue {
  readonly path: string;
  readonly rules: QueueRules;
  readonly sessions: SessionTable;
  readonly watchers = new Watchers();
  readonly #options: MessageQueueOptions;
  readonly #kept: KeptMessages;
  readonly #ready: ReadyMessages;
  readonly #locks: LockTable;

  constructor(options: MessageQueueOptions) {
    const { path, rules, clock, budget } = options;
    this.#options = options;
    this.path = path;
    this.rules = rules;
    this.#kept = new KeptMessages(clock, budget, (stored) => this.#expireUnlessLocked(stored));
    this.#ready = new ReadyMessages((stored) => (rules.requiresSession ? (stored.message.sessionId ?? '') : ''));
    this.#locks = new LockTable(clock, options.newLockToken, (stored) => this.#fail(stored));
    this.sessions = new SessionTable({
      path,
      clock,
      lockDurationMs: rules.lockDurationMs,
      budget,
      onExpired: (sessionId) => this.#failSession(sessionId),
    });
  }

  /** Takes a new message in. `enqueuedSequenceNumber` is the topic's number, where one fanned it out. */
  add(message: BrokerMessage, enqueuedSequenceNumber?: number): void {
    const { clock, sequence, rules } = this.#options;
    const sequenceNumber = sequence.next();
    const enqueuedAtMs = clock.nowMs();
    const timeToLiveMs = Math.min(message.timeToLiveMs ?? Number.POSITIVE_INFINITY, rules.defaultTimeToLiveMs);
    const stored: StoredMessage = {
      message,
      sequenceNumber,
      enqueuedSequenceNumber: enqueuedSequenceNumber ?? sequenceNumber,
      enqueuedAtMs,
      expiresAtMs: enqueuedAtMs + timeToLiveMs,
      state: 'active',
      deliveryCount: 0,
      changedProperties: {},
    };
    this.#kept.add(stored);
    if (rules.requiresSession && message.sessionId === undefined) {
      this.#deadLetter(stored, {
        reason: 'Session ID is null.',
        description: 'The entity requires sessions and the message has no session id.',
      });
    } else this.#makeReady(stored);
  }

  /** The oldest message that is ready, locked; of the given session where the entity requires sessions. */
  receive(session?: SessionLock): LockedMessage | undefined {
    const stored = this.#takeReady(session);
    return stored && this.#lock(stored, session?.lockedUntilMs);
  }

  /** The oldest message that is ready, gone from the entity. */
  receiveAndDelete(session?: SessionLock): StoredMessage | undefined {
    const stored = this.#takeReady(session);
    if (stored) this.#remove(stored);
    return stored;
  }

  /** Throws message-lock-lost or session-lock-lost when the token is not (any more) valid; then nothing changed. */
  settle(lockToken: string, settlement: Settlement): void {
    const { stored, token } = this.#requireLock(lockToken);
    this.#locks.release(token);
    if (settlement.type === 'complete') this.#remove(stored);
    else this.#settleOtherwise(stored, settlement);
  }

  /** New end of the lock in epoch milliseconds; throws like settle. */
  renew(lockToken: string): number {
    const lock = this.#requireLock(lockToken);
    if (this.rules.requiresSession) {
      throw new BrokerRefusal('not-allowed', `${this.path} has sessions: renew the session lock, not message locks.`);
    }
    return this.#locks.renew(lock, this.#lockEndMs()).untilMs;
  }

  /** Frees what a broken connection held: each counts as a failed delivery. Unknown tokens are passed over. */
  breakLocks(lockTokens: Iterable<string>): void {
    for (const token of lockTokens) {
      const stored = this.#locks.release(token);
      if (stored) this.#fail(stored);
    }
  }

  /** Takes deferred messages, locked. Throws message-not-found, locking none, when one of them is not deferred. */
  receiveDeferred(sequenceNumbers: readonly number[], sessionId?: string): LockedMessage[] {
    return this.#findDeferred(sequenceNumbers, sessionId).map((stored) => this.#lock(stored));
  }

  receiveAndDeleteDeferred(sequenceNumbers: readonly number[], sessionId?: string): StoredMessage[] {
    const deferred = this.#findDeferred(sequenceNumbers, sessionId);
    for (const stored of deferred) this.#remove(stored);
    return deferred;
  }

  /** Locks the session of the oldest ready message whose session is free; undefined when there is none. */
  acceptNextSession(onLost: () => void): SessionLock | undefined {
    const sessionId = this.#ready.oldestGroup((group) => !this.sessions.isHeld(group));
    return sessionId === undefined ? undefined : this.sessions.accept(sessionId, onLost);
  }

  /** Ends a session that its receiver closed; its unsettled messages are ready again, as if not delivered. */
  releaseSession(lock: SessionLock): void {
    if (!lock.held) return;
    this.sessions.release(lock);
    for (const stored of this.#locks.releaseWhere(isOf(lock.sessionId))) this.#makeReady(stored);
    this.watchers.notify();
  }

  /** Ends a session whose connection broke: its unsettled messages count as failed. */
  breakSession(lock: SessionLock): void {
    if (!lock.held) return;
    this.sessions.release(lock);
    this.#failSession(lock.sessionId);
  }

  /** Everything that is here, in no particular order. */
  all(): StoredMessage[] {
    return this.#kept.all();
  }

  depth(): QueueDepth {
    const all = this.all();
    const deferred = all.filter(({ state }) => state === 'deferred').length;
    return { active: all.length - deferred, locked: this.#locks.count, deferred };
  }

  /** Only for the queue that this one is the dead-letter queue of: takes the message over with its number and age. */
  takeDeadLetter(from: StoredMessage, cause: DeadLetterCause): void {
    const stored: StoredMessage = {
      ...from,
      state: 'active',
      expiresAtMs: Number.POSITIVE_INFINITY,
      deadLetterCause: cause,
    };
    this.#kept.add(stored);
    this.#makeReady(stored);
  }

  #remove(stored: StoredMessage): void {
    this.#kept.remove(stored);
    this.#ready.remove(stored);
  }

  #settleOtherwise(stored: StoredMessage, settlement: Exclude<Settlement, { type: 'complete' }>): void {
    stored.changedProperties = { ...stored.changedProperties, ...settlement.properties };
    if (settlement.type === 'dead-letter') this.#deadLetter(stored, settlement.cause);
    else if (settlement.type === 'abandon') this.#fail(stored);
    else {
      stored.state = 'deferred';
      this.#makeReady(stored);
    }
  }

  #takeReady(session: SessionLock | undefined): StoredMessage | undefined {
    if (!this.rules.requiresSession) return this.#ready.takeFirst('');
    return session?.held ? this.#ready.takeFirst(session.sessionId) : undefined;
  }

  #lock(stored: StoredMessage, sessionEndMs?: number): LockedMessage {
    const { token, untilMs } = this.#locks.acquire(
      stored,
      this.rules.requiresSession ? Number.POSITIVE_INFINITY : this.#lockEndMs(),
    );
    return { stored, lockToken: token, lockedUntilMs: Math.min(untilMs, sessionEndMs ?? this.#lockEndMs()) };
  }

  #lockEndMs(): number {
    return this.#options.clock.nowMs() + this.rules.lockDurationMs;
  }

  #requireLock(token: string): MessageLock {
    const lock = this.#locks.find(token);
    if (lock) return lock;
    throw new BrokerRefusal(
      this.rules.requiresSession ? 'session-lock-lost' : 'message-lock-lost',
      `The lock on this message of ${this.path} has expired, or the message was settled before. ` +
        'It is delivered again unless it was settled.',
    );
  }

  #findDeferred(sequenceNumbers: readonly number[], sessionId: string | undefined): StoredMessage[] {
    if (this.rules.requiresSession) this.sessions.requireHeld(sessionId ?? '');
    return [...new Set(sequenceNumbers)].map((sequenceNumber) => {
      const stored = this.#kept.find(sequenceNumber);
      const isFree = stored?.state === 'deferred' && !this.#locks.isLocked(stored);
      const isOfSession = !this.rules.requiresSession || stored?.message.sessionId === sessionId;
      if (stored && isFree && isOfSession) return stored;
      throw new BrokerRefusal('message-not-found', `${this.path} has no deferred, unlocked message ${sequenceNumber}.`);
    });
  }

  #fail(stored: StoredMessage): void {
    stored.deliveryCount += 1;
    const { maxDeliveryCount } = this.rules;
    if (stored.deliveryCount < maxDeliveryCount) this.#makeReady(stored);
    else {
      this.#deadLetter(stored, {
        reason: 'MaxDeliveryCountExceeded',
        description: `${stored.deliveryCount} deliveries ended without settlement; the limit is ${maxDeliveryCount}.`,
      });
    }
  }

  #failSession(sessionId: string): void {
    for (const stored of this.#locks.releaseWhere(isOf(sessionId))) this.#fail(stored);
    this.watchers.notify();
  }

  /** Back to the receivers, or, when it expired meanwhile, out. A deferred message only becomes unlocked. */
  #makeReady(stored: StoredMessage): void {
    if (stored.expiresAtMs <= this.#options.clock.nowMs()) this.#expire(stored);
    else if (stored.state === 'active') {
      this.#ready.add(stored);
      this.watchers.notify();
    }
  }

  #expireUnlessLocked(stored: StoredMessage): void {
    if (!this.#locks.isLocked(stored)) this.#expire(stored);
  }

  #expire(stored: StoredMessage): void {
    if (this.rules.deadLetterOnExpiration) {
      this.#deadLetter(stored, {
        reason: 'TTLExpiredException',
        description: 'The message expired before a receiver completed it.',
      });
    } else this.#remove(stored);
  }

  /** In a dead-letter queue it stays where it is. */
  #deadLetter(stored: StoredMessage, cause: DeadLetterCause): void {
    const { deadLetters } = this.#options;
    if (deadLetters) {
      this.#remove(stored);
      deadLetters.takeDeadLetter(stored, cause);
    } else this.#makeReady(stored);
  }
}

function isOf(sessionId: string): (stored: StoredMessage) => boolean {
  return (stored) => stored.message.sessionId === sessionId;
}
