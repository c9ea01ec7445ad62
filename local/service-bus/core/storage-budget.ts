/** Bounds what one entity, its subscriptions and their dead-letter queues hold together. */
import { BrokerRefusal } from './broker-refusal.ts';

export class StorageBudget {
  readonly #path: string;
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(path: string, limitBytes: number) {
    this.#path = path;
    this.#limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Throws quota-exceeded when `bytes` more do not fit. */
  requireRoom(bytes: number): void {
    if (this.#usedBytes + bytes <= this.#limitBytes) return;
    throw new BrokerRefusal(
      'quota-exceeded',
      `${this.#path} holds ${this.#usedBytes} of ${this.#limitBytes} bytes and has no room for ${bytes} more. ` +
        'Receive messages, also from its dead-letter queue, and send again.',
    );
  }

  take(bytes: number): void {
    this.#usedBytes += bytes;
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
