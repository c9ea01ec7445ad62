/**
 * The message locks of one entity, by token.
 *
 * 1. A token is valid from acquire until release or expiry, and never again.
 * 2. A lock without an end of its own (`untilMs` Infinity) ends with the session lock that covers it.
 */
import type { Cancel, Clock } from '../../emulator/clock.ts';
import type { StoredMessage } from './broker-message.ts';
import { runAt } from './run-at.ts';

export interface MessageLock {
  readonly token: string;
  readonly stored: StoredMessage;
  readonly untilMs: number;
}

interface HeldLock extends MessageLock {
  readonly cancel: Cancel;
}

export class LockTable {
  readonly #clock: Clock;
  readonly #newToken: () => string;
  readonly #onExpired: (stored: StoredMessage) => void;
  readonly #held = new Map<string, HeldLock>();
  readonly #locked = new Set<StoredMessage>();

  constructor(clock: Clock, newToken: () => string, onExpired: (stored: StoredMessage) => void) {
    this.#clock = clock;
    this.#newToken = newToken;
    this.#onExpired = onExpired;
  }

  get count(): number {
    return this.#held.size;
  }

  acquire(stored: StoredMessage, untilMs: number): MessageLock {
    return this.#hold(this.#newToken(), stored, untilMs);
  }

  isLocked(stored: StoredMessage): boolean {
    return this.#locked.has(stored);
  }

  find(token: string): MessageLock | undefined {
    return this.#held.get(token);
  }

  /** Gives a held lock a new end. */
  renew(lock: MessageLock, untilMs: number): MessageLock {
    this.release(lock.token);
    return this.#hold(lock.token, lock.stored, untilMs);
  }

  /** Ends a lock; undefined when there is none of this token. */
  release(token: string): StoredMessage | undefined {
    const lock = this.#held.get(token);
    if (!lock) return undefined;
    lock.cancel();
    this.#forget(lock);
    return lock.stored;
  }

  /** Ends every lock on messages that match, and returns these in the order of their locks. */
  releaseWhere(matches: (stored: StoredMessage) => boolean): StoredMessage[] {
    const released: StoredMessage[] = [];
    for (const { token, stored } of [...this.#held.values()]) {
      if (!matches(stored)) continue;
      this.release(token);
      released.push(stored);
    }
    return released;
  }

  #hold(token: string, stored: StoredMessage, untilMs: number): MessageLock {
    const cancel = runAt(this.#clock, untilMs, () => {
      this.#forget(lock);
      this.#onExpired(stored);
    });
    const lock: HeldLock = { token, stored, untilMs, cancel };
    this.#held.set(token, lock);
    this.#locked.add(stored);
    return lock;
  }

  #forget({ token, stored }: MessageLock): void {
    this.#held.delete(token);
    this.#locked.delete(stored);
  }
}
