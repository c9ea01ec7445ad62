/** Runs a task at a moment, however far away: timers of the platform overflow after 24.8 days. */
import type { Cancel, Clock } from '../../emulator/clock.ts';

const LONGEST_WAIT_MS = 86_400_000;

/** Infinity never comes; a moment in the past is due at once, but never before this call returned. */
export function runAt(clock: Clock, atMs: number, task: () => void): Cancel {
  if (atMs === Number.POSITIVE_INFINITY) return () => {};
  let cancel: Cancel = () => {};
  const wait = () => {
    const leftMs = Math.max(0, atMs - clock.nowMs());
    cancel = leftMs > LONGEST_WAIT_MS ? clock.after(LONGEST_WAIT_MS, wait) : clock.after(leftMs, task);
  };
  wait();
  return () => cancel();
}
