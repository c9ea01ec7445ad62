/** All messages of one entity by number: charges them to the budget and tells when each expires. */
import type { Cancel, Clock } from '../../emulator/clock.ts';
import type { StoredMessage } from './broker-message.ts';
import { runAt } from './run-at.ts';
import type { StorageBudget } from './storage-budget.ts';

interface Kept {
  readonly stored: StoredMessage;
  readonly cancelExpiry: Cancel;
}

export class KeptMessages {
  readonly #clock: Clock;
  readonly #budget: StorageBudget;
  readonly #onExpired: (stored: StoredMessage) => void;
  readonly #kept = new Map<number, Kept>();

  constructor(clock: Clock, budget: StorageBudget, onExpired: (stored: StoredMessage) => void) {
    this.#clock = clock;
    this.#budget = budget;
    this.#onExpired = onExpired;
  }

  add(stored: StoredMessage): void {
    this.#budget.take(stored.message.sizeBytes);
    const cancelExpiry = runAt(this.#clock, stored.expiresAtMs, () => this.#onExpired(stored));
    this.#kept.set(stored.sequenceNumber, { stored, cancelExpiry });
  }

  remove({ sequenceNumber }: StoredMessage): void {
    const kept = this.#kept.get(sequenceNumber);
    if (!kept) return;
    kept.cancelExpiry();
    this.#kept.delete(sequenceNumber);
    this.#budget.give(kept.stored.message.sizeBytes);
  }

  find(sequenceNumber: number): StoredMessage | undefined {
    return this.#kept.get(sequenceNumber)?.stored;
  }

  all(): StoredMessage[] {
    return [...this.#kept.values()].map(({ stored }) => stored);
  }
}
