/**
 * Takes a host through virtual time: the clock moves only when nothing is under way, from one due task to the next.
 * So what a turn schedules is always in place before time goes on, however long its activities take in real time.
 */
import type { ManualClock } from '../emulator/manual-clock.ts';

export interface Idling {
  whenIdle(): Promise<void>;
}

/** Runs everything that falls due until `toMs`; the clock stands at `toMs` afterwards. */
export async function advanceTo(host: Idling, clock: ManualClock, toMs: number): Promise<void> {
  await runUntilIdle(host, clock, toMs);
  await clock.advanceTo(toMs);
  await host.whenIdle();
}

/** Runs until nothing waits for a time up to `untilMs`; the clock stands at the last task that ran. */
export async function runUntilIdle(host: Idling, clock: ManualClock, untilMs: number): Promise<void> {
  await host.whenIdle();
  for (let dueMs = clock.nextDueMs(); dueMs !== undefined && dueMs <= untilMs; dueMs = clock.nextDueMs()) {
    await clock.advanceTo(dueMs);
    await host.whenIdle();
  }
}
