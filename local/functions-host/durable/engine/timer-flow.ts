/** Durable timers: one id each, longer ones in chunks, cancelled ones created and forgotten. */
import { DONE, type Flow } from './engine-task.ts';
import type { ReplayContext } from './replay-context.ts';

/**
 * A timer up to `maximumShortTimerMs` fires once; a longer one fires every `longTimerIntervalMs` and at its end
 * (10 days: after 3, 6, 9 and 10 days).
 * The cancelled flag holds for the whole walk, so a cancelled timer counts as settled when it is created and its
 * later chunks are never created (the history may know them: then the walk ends non-deterministic, as in Azure).
 */
export function* timerFlow(context: ReplayContext, fireAtMs: number, isCanceled: boolean): Flow {
  const { maximumShortTimerMs, longTimerIntervalMs } = context.limits;
  const longestChunkMs =
    fireAtMs - context.nowMs > maximumShortTimerMs ? longTimerIntervalMs : Number.POSITIVE_INFINITY;
  do {
    const chunkAtMs = Math.min(fireAtMs, context.nowMs + longestChunkMs);
    const { id, task } = context.schedule({ kind: 'timer', fireAtMs: chunkAtMs });
    if (isCanceled) {
      context.abandon(id);
      return DONE;
    }
    yield task;
  } while (longestChunkMs !== Number.POSITIVE_INFINITY && context.nowMs < fireAtMs);
  return DONE;
}
