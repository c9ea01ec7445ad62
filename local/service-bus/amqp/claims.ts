/** What one connection may touch: the entities for which it put a valid token, until the token expires. */
import type { Clock } from '../../emulator/clock.ts';
import { BrokerRefusal } from '../core/broker-refusal.ts';

const MAX_CLAIMS = 1000;

export class Claims {
  readonly #clock: Clock;
  /** Lower-case path of the audience, and when its token expires. */
  readonly #expiresAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A token for a path holds for everything below it, the empty path for the namespace. */
  grant(path: string, expiresAtMs: number): void {
    if (this.#expiresAtMs.size >= MAX_CLAIMS && !this.#expiresAtMs.has(path.toLowerCase())) {
      throw new BrokerRefusal('quota-exceeded', `A connection holds at most ${MAX_CLAIMS} tokens.`);
    }
    this.#expiresAtMs.set(path.toLowerCase(), expiresAtMs);
  }

  /** Throws unauthorized. */
  require(path: string): void {
    const nowMs = this.#clock.nowMs();
    const wanted = `${path.toLowerCase()}/`;
    for (const [granted, expiresAtMs] of this.#expiresAtMs) {
      if (expiresAtMs > nowMs && (granted === '' || wanted.startsWith(`${granted}/`))) return;
    }
    throw new BrokerRefusal('unauthorized', `This connection has put no valid token for '${path}' on the $cbs node.`);
  }
}
