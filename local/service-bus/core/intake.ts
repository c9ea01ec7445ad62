/**
 * What senders see of a queue or topic: accepts, drops duplicates, and holds back what is scheduled.
 *
 * 1. A batch is accepted whole or refused whole.
 * 2. A duplicate is accepted and dropped, as the service does it; scheduled messages count.
 * 3. A scheduled message that falls due gets a new sequence number, as if it had been sent then.
 */
import type { Clock } from '../../emulator/clock.ts';
import type { BrokerMessage } from './broker-message.ts';
import { BrokerRefusal } from './broker-refusal.ts';
import type { DuplicateWindow } from './duplicate-window.ts';
import { ScheduledMessages } from './scheduled-messages.ts';
import type { Sequence } from './sequence.ts';
import type { StorageBudget } from './storage-budget.ts';

export interface IntakeOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly sequence: Sequence;
  readonly budget: StorageBudget;
  /** Messages without a session id are refused. */
  readonly requiresSession: boolean;
  /** Present where the entity detects duplicates. */
  readonly duplicates?: DuplicateWindow | undefined;
  /** How many copies of a message will be kept; the budget must have room for them. */
  readonly copiesOf: (message: BrokerMessage) => number;
  /** Passes an accepted message on. */
  readonly deliver: (message: BrokerMessage) => void;
}

export class Intake {
  readonly path: string;
  readonly scheduled: ScheduledMessages;
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    const { clock, sequence, budget, deliver } = options;
    this.path = options.path;
    this.#options = options;
    this.scheduled = new ScheduledMessages({ clock, sequence, budget, onDue: deliver });
  }

  /** Throws not-allowed, quota-exceeded or server-busy; then no message of the batch was accepted. */
  send(batch: readonly BrokerMessage[]): void {
    this.#requireAcceptable(batch);
    const nowMs = this.#options.clock.nowMs();
    for (const message of batch) {
      if (this.#options.duplicates?.isDuplicate(message.messageId)) continue;
      if (message.scheduledForMs !== undefined && message.scheduledForMs > nowMs) {
        this.scheduled.add(message, message.scheduledForMs);
      } else this.#options.deliver(message);
    }
  }

  /** The sequence numbers under which the messages can be cancelled; a duplicate's number names nothing. */
  schedule(batch: readonly BrokerMessage[]): number[] {
    this.#requireAcceptable(batch);
    const { clock, sequence, duplicates } = this.#options;
    return batch.map((message) =>
      duplicates?.isDuplicate(message.messageId)
        ? sequence.next()
        : this.scheduled.add(message, message.scheduledForMs ?? clock.nowMs()),
    );
  }

  #requireAcceptable(batch: readonly BrokerMessage[]): void {
    const { path, requiresSession, duplicates, budget, copiesOf } = this.#options;
    if (requiresSession && batch.some(({ sessionId }) => sessionId === undefined)) {
      throw new BrokerRefusal('not-allowed', `${path} requires sessions: set a session id on every message.`);
    }
    duplicates?.requireRoom(batch.length);
    budget.requireRoom(batch.reduce((sum, message) => sum + message.sizeBytes * copiesOf(message), 0));
  }
}
