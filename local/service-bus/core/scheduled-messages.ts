/** Holds messages until their time; each is then handed on once, unless it was cancelled before. */
import type { Cancel, Clock } from '../../emulator/clock.ts';
import type { BrokerMessage, StoredMessage } from './broker-message.ts';
import { BrokerRefusal } from './broker-refusal.ts';
import { runAt } from './run-at.ts';
import type { Sequence } from './sequence.ts';
import type { StorageBudget } from './storage-budget.ts';

interface Waiting {
  readonly stored: StoredMessage;
  readonly cancel: Cancel;
}

export interface ScheduledMessagesOptions {
  readonly clock: Clock;
  readonly sequence: Sequence;
  readonly budget: StorageBudget;
  readonly onDue: (message: BrokerMessage) => void;
}

export class ScheduledMessages {
  readonly #options: ScheduledMessagesOptions;
  readonly #waiting = new Map<number, Waiting>();

  constructor(options: ScheduledMessagesOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#waiting.size;
  }

  /** The sequence number that names it until it is due. */
  add(message: BrokerMessage, dueAtMs: number): number {
    const { clock, sequence, budget } = this.#options;
    const sequenceNumber = sequence.next();
    const stored: StoredMessage = {
      message,
      sequenceNumber,
      enqueuedSequenceNumber: sequenceNumber,
      enqueuedAtMs: dueAtMs,
      expiresAtMs: Number.POSITIVE_INFINITY,
      state: 'scheduled',
      deliveryCount: 0,
      changedProperties: {},
    };
    budget.take(message.sizeBytes);
    const cancel = runAt(clock, dueAtMs, () => this.#release(sequenceNumber));
    this.#waiting.set(sequenceNumber, { stored, cancel });
    return sequenceNumber;
  }

  /** Cancels all or, when one of them is not scheduled (any more), none and throws message-not-found. */
  cancel(sequenceNumbers: readonly number[]): void {
    const unknown = sequenceNumbers.filter((sequenceNumber) => !this.#waiting.has(sequenceNumber));
    if (unknown.length > 0) {
      throw new BrokerRefusal(
        'message-not-found',
        `No message is scheduled under ${unknown.join(', ')}: it was enqueued or cancelled before. Nothing was cancelled.`,
      );
    }
    for (const sequenceNumber of sequenceNumbers) this.#take(sequenceNumber);
  }

  all(): StoredMessage[] {
    return [...this.#waiting.values()].map(({ stored }) => stored);
  }

  #release(sequenceNumber: number): void {
    const stored = this.#take(sequenceNumber);
    if (stored) this.#options.onDue(stored.message);
  }

  #take(sequenceNumber: number): StoredMessage | undefined {
    const waiting = this.#waiting.get(sequenceNumber);
    if (!waiting) return undefined;
    waiting.cancel();
    this.#waiting.delete(sequenceNumber);
    this.#options.budget.give(waiting.stored.message.sizeBytes);
    return waiting.stored;
  }
}
