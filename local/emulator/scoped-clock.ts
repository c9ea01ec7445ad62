/** A view of a clock whose waiting tasks end together: an emulator that stops leaves no timer behind. */
import type { Cancel, Clock } from './clock.ts';

export interface ScopedClock extends Clock {
  /** Withdraws every waiting task; tasks added later never run. */
  close(): void;
}

export function scopedClock(clock: Clock): ScopedClock {
  const waiting = new Set<Cancel>();
  let closed = false;
  return {
    nowMs: () => clock.nowMs(),
    after(delayMs, task) {
      if (closed) return () => {};
      const cancel = clock.after(delayMs, () => {
        waiting.delete(cancel);
        task();
      });
      waiting.add(cancel);
      return () => {
        waiting.delete(cancel);
        cancel();
      };
    },
    close() {
      closed = true;
      for (const cancel of waiting) cancel();
      waiting.clear();
    },
  };
}
