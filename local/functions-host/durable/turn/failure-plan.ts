/** Ends an execution from outside, for a reason that the app has no part in: as Failed, with its parent told. */

import type { HistoryEvent } from '../engine/history-event.ts';
import { wireTime } from '../engine/wire-time.ts';
import type { InstanceState } from '../store/instance-state.ts';
import { isFinished } from '../store/task-hub-store.ts';
import { conclude } from './conclude.ts';
import type { TurnPlan } from './turn-plan.ts';

/** Undefined when the instance has not begun or has ended. */
export function failurePlan(
  { checkpoint, events }: InstanceState,
  reason: string,
  nowMs: number,
): TurnPlan | undefined {
  const started = events.find((event) => event.EventType === 'ExecutionStarted');
  if (!checkpoint || !started || isFinished(checkpoint.status)) return undefined;
  const conclusion = conclude({ nowMs, started, carried: [] }, { kind: 'failed', reason, details: reason });
  const base = { EventId: -1, Timestamp: wireTime(nowMs) };
  const news: HistoryEvent[] = [
    { ...base, EventType: 'OrchestratorStarted' },
    ...conclusion.events,
    { ...base, EventType: 'OrchestratorCompleted' },
  ];
  return {
    executionId: checkpoint.executionId,
    from: checkpoint.length,
    events: news,
    status: 'Failed',
    customStatus: checkpoint.customStatus,
    messages: conclusion.messages,
    record: { change: { status: 'Failed', output: reason, lastUpdatedMs: nowMs, completedMs: nowMs } },
  };
}
