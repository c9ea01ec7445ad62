/** Durable timers: one id each, longer ones in chunks, cancelled ones created and forgotten. */
import { DONE, type Flow, type Settlement } from './engine-task.ts';
import type { ReplayContext } from './replay-context.ts';

/**
 * A timer up to `maximumShortTimerMs` fires once; a longer one is re-armed every `longTimerIntervalMs`.
 * The cancelled flag holds for the whole walk, so a cancelled timer counts as settled when it is created and its
 * later chunks are never created (the history may know them: then the walk ends non-deterministic, as in Azure).
 */
export function* timerFlow(context: ReplayContext, fireAtMs: number, isCanceled: boolean): Flow {
  const { maximumShortTimerMs, longTimerIntervalMs } = context.limits;
  let chunkAtMs: number;
  do {
    const leftMs = fireAtMs - context.nowMs;
    chunkAtMs = leftMs > maximumShortTimerMs ? context.nowMs + longTimerIntervalMs : fireAtMs;
    const { id, task } = context.schedule({ kind: 'timer', fireAtMs: chunkAtMs });
    if (isCanceled) {
      context.abandon(id);
      return DONE;
    }
    const settlement: Settlement = yield task;
    if (!settlement.ok) return settlement;
  } while (chunkAtMs < fireAtMs);
  return DONE;
}
