/**
 * Remembers the message ids of a time window, so that a message sent twice is kept once.
 *
 * 1. An id is a duplicate until the window has passed since it was first seen; repeats do not prolong it.
 * 2. At most MAX_IDS ids are remembered. Beyond that sends are refused as busy: none is accepted unchecked.
 */
import type { Clock } from '../../emulator/clock.ts';
import { BrokerRefusal } from './broker-refusal.ts';

export const MAX_IDS = 500_000;

export class DuplicateWindow {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #maxIds: number;
  /** In the order of first sight. */
  readonly #seenAtMs = new Map<string, number>();

  constructor(clock: Clock, windowMs: number, maxIds: number = MAX_IDS) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#maxIds = maxIds;
  }

  /** Throws server-busy when `count` new ids might not fit. */
  requireRoom(count: number): void {
    this.#forgetOld();
    if (this.#seenAtMs.size + count <= this.#maxIds) return;
    throw new BrokerRefusal(
      'server-busy',
      `Duplicate detection remembers ${this.#seenAtMs.size} message ids, its limit is ${this.#maxIds}. Send again later.`,
    );
  }

  /** True for an id seen within the window; otherwise remembers it. */
  isDuplicate(messageId: string): boolean {
    this.#forgetOld();
    if (this.#seenAtMs.has(messageId)) return true;
    this.#seenAtMs.set(messageId, this.#clock.nowMs());
    return false;
  }

  #forgetOld(): void {
    const oldestMs = this.#clock.nowMs() - this.#windowMs;
    for (const [messageId, seenAtMs] of this.#seenAtMs) {
      if (seenAtMs > oldestMs) return;
      this.#seenAtMs.delete(messageId);
    }
  }
}
