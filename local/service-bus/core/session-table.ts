/**
 * The session locks and session states of one entity.
 *
 * 1. At most one receiver holds a session.
 * 2. A lock ends by release, or by expiry when it is not renewed in time; then its holder is told.
 * 3. A session's state outlives its locks and messages.
 */
import type { Cancel, Clock } from '../../emulator/clock.ts';
import { BrokerRefusal } from './broker-refusal.ts';
import { runAt } from './run-at.ts';
import type { StorageBudget } from './storage-budget.ts';

/** A session in one receiver's hands. */
export interface SessionLock {
  readonly sessionId: string;
  lockedUntilMs: number;
  /** False once released or expired. */
  held: boolean;
}

interface HeldSession {
  readonly lock: SessionLock;
  readonly onLost: () => void;
  cancel: Cancel;
}

export interface SessionTableOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly lockDurationMs: number;
  readonly budget: StorageBudget;
  /** Told before the holder, so that the session's messages are free again. */
  readonly onExpired: (sessionId: string) => void;
}

export class SessionTable {
  readonly #options: SessionTableOptions;
  readonly #held = new Map<string, HeldSession>();
  readonly #states = new Map<string, Buffer>();

  constructor(options: SessionTableOptions) {
    this.#options = options;
  }

  isHeld(sessionId: string): boolean {
    return this.#held.has(sessionId);
  }

  /** Throws session-cannot-be-locked when another receiver holds it. `onLost` is called on expiry only. */
  accept(sessionId: string, onLost: () => void): SessionLock {
    if (this.#held.has(sessionId)) {
      throw new BrokerRefusal(
        'session-cannot-be-locked',
        `The session '${sessionId}' of ${this.#options.path} is locked by another receiver. ` +
          'Wait until it is released, or accept another session.',
      );
    }
    const lock: SessionLock = { sessionId, lockedUntilMs: 0, held: true };
    const held: HeldSession = { lock, onLost, cancel: () => {} };
    this.#held.set(sessionId, held);
    this.#prolong(held);
    return lock;
  }

  /** New end of the lock in epoch milliseconds; throws session-lock-lost when nobody holds the session. */
  renew(sessionId: string): number {
    const held = this.#require(sessionId);
    held.cancel();
    this.#prolong(held);
    return held.lock.lockedUntilMs;
  }

  /** Does nothing when the lock has ended already. */
  release(lock: SessionLock): void {
    if (!lock.held) return;
    this.#held.get(lock.sessionId)?.cancel();
    this.#end(lock);
  }

  state(sessionId: string): Buffer | undefined {
    this.#require(sessionId);
    return this.#states.get(sessionId);
  }

  /** Undefined forgets the state. Throws quota-exceeded when it does not fit. */
  setState(sessionId: string, state: Buffer | undefined): void {
    this.#require(sessionId);
    const { budget } = this.#options;
    const freedBytes = this.#states.get(sessionId)?.length ?? 0;
    const neededBytes = state?.length ?? 0;
    if (neededBytes > freedBytes) budget.requireRoom(neededBytes - freedBytes);
    budget.give(freedBytes);
    budget.take(neededBytes);
    if (state) this.#states.set(sessionId, state);
    else this.#states.delete(sessionId);
  }

  /** Throws session-lock-lost when nobody holds the session. */
  requireHeld(sessionId: string): void {
    this.#require(sessionId);
  }

  #require(sessionId: string): HeldSession {
    const held = this.#held.get(sessionId);
    if (held) return held;
    throw new BrokerRefusal(
      'session-lock-lost',
      `The lock of the session '${sessionId}' of ${this.#options.path} has expired or was released. Accept it again.`,
    );
  }

  #prolong(held: HeldSession): void {
    const { clock, lockDurationMs, onExpired } = this.#options;
    held.lock.lockedUntilMs = clock.nowMs() + lockDurationMs;
    held.cancel = runAt(clock, held.lock.lockedUntilMs, () => {
      this.#end(held.lock);
      onExpired(held.lock.sessionId);
      held.onLost();
    });
  }

  #end(lock: SessionLock): void {
    lock.held = false;
    this.#held.delete(lock.sessionId);
  }
}
