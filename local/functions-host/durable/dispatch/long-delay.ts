/** Delays of any length on a clock whose own delays are bounded (Node's timers overflow after 24.8 days). */
import type { Cancel, Clock } from '../../../emulator/clock.ts';

const LONGEST_STEP_MS = 20 * 86_400_000;

/** Runs `task` once `clock` has reached `dueMs`; at once, but not synchronously, when that is past. */
export function whenDue(clock: Clock, dueMs: number, task: () => void): Cancel {
  let cancel: Cancel = () => {};
  const arm = () => {
    const leftMs = dueMs - clock.nowMs();
    cancel = leftMs > LONGEST_STEP_MS ? clock.after(LONGEST_STEP_MS, arm) : clock.after(Math.max(0, leftMs), task);
  };
  arm();
  return () => cancel();
}
