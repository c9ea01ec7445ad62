/** Calls a task at a steady rate, however long the earlier calls take: an open loop, as independent clients are. */
import type { Cancel, Clock } from '../emulator/clock.ts';

const MS_PER_SECOND = 1000;

export interface Pace {
  readonly ratePerSecond: number;
  /** The last call is due before this much time has passed. */
  readonly maxDurationMs: number;
}

/**
 * Task `n` is due at start + n / rate; a timer that fires late makes up for what it missed at once.
 * Returns the function that stops it.
 */
export function startPacer(clock: Clock, pace: Pace, task: (dueAtMs: number, index: number) => void): Cancel {
  const startedAtMs = clock.nowMs();
  const count = Math.floor((pace.maxDurationMs / MS_PER_SECOND) * pace.ratePerSecond);
  const dueAt = (index: number) => startedAtMs + (index * MS_PER_SECOND) / pace.ratePerSecond;
  let next = 0;
  let cancel: Cancel = () => undefined;
  const run = () => {
    for (const nowMs = clock.nowMs(); next < count && dueAt(next) <= nowMs; next += 1) task(dueAt(next), next);
    if (next < count) cancel = clock.after(Math.max(0, dueAt(next) - clock.nowMs()), run);
  };
  run();
  return () => {
    cancel();
    next = count;
  };
}
