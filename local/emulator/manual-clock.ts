/** A clock that stands still until a test moves it; due tasks run in order of time, then of scheduling. */
import type { Cancel, Clock } from './clock.ts';

interface Due {
  readonly atMs: number;
  readonly sequence: number;
  readonly task: () => void;
}

export class ManualClock implements Clock {
  #nowMs: number;
  #sequence = 0;
  readonly #due = new Set<Due>();

  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): Cancel {
    const due: Due = { atMs: this.#nowMs + Math.max(0, delayMs), sequence: this.#sequence++, task };
    this.#due.add(due);
    return () => this.#due.delete(due);
  }

  /** Time of the next scheduled task, or undefined when none waits. */
  nextDueMs(): number | undefined {
    return this.#earliest()?.atMs;
  }

  /** Moves to `toMs`, running every task that falls due on the way; between tasks pending promises settle. */
  async advanceTo(toMs: number): Promise<void> {
    await settle();
    for (let due = this.#earliest(); due && due.atMs <= toMs; due = this.#earliest()) {
      this.#due.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.task();
      await settle();
    }
    this.#nowMs = Math.max(this.#nowMs, toMs);
  }

  advance(byMs: number): Promise<void> {
    return this.advanceTo(this.#nowMs + byMs);
  }

  #earliest(): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#due) {
      if (!first || due.atMs < first.atMs || (due.atMs === first.atMs && due.sequence < first.sequence)) first = due;
    }
    return first;
  }
}

/** Lets every microtask and immediate that is already queued run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
