/**
 * Takes the failures of an instance back and lets it go on.
 *
 * 1. Failed completions, failures and the scheduling of failed activities become GenericEvent rows, so that the next
 *    replay schedules those activities anew.
 * 2. Failed children are rewound first; only the deepest failed instances are woken, the others hear from their children.
 */
import type { HistoryEvent } from '../engine/history-event.ts';
import { wireTime } from '../engine/wire-time.ts';
import type { LoadedHistory } from '../store/task-hub-store.ts';
import type { TaskHub } from './task-hub.ts';

/** The instance must be in state Failed. */
export async function rewindInstance(hub: TaskHub, instanceId: string, reason: string): Promise<void> {
  const history = await hub.store.readHistory(instanceId);
  if (history?.checkpoint.status !== 'Failed') return;
  const children = failedChildren(history.events);
  for (const childId of children) await rewindInstance(hub, childId, reason);
  await hub.exclusively(instanceId, () => rewriteHistory(hub, instanceId, history));
  if (children.length > 0) return;
  const nowMs = hub.clock.nowMs();
  await hub.post({
    kind: 'event',
    id: `w.${history.checkpoint.executionId}.${history.checkpoint.turn}`,
    instanceId,
    executionId: history.checkpoint.executionId,
    dueMs: nowMs,
    event: { EventType: 'GenericEvent', EventId: -1, Timestamp: wireTime(nowMs), Data: null, Reason: reason },
  });
}

async function rewriteHistory(hub: TaskHub, instanceId: string, history: LoadedHistory): Promise<void> {
  const nowMs = hub.clock.nowMs();
  const { checkpoint, tag } = history;
  await hub.store.commitHistory({
    instanceId,
    tag,
    // Repeated work answers under the same message ids as before: none of them counts as consumed any more.
    checkpoint: {
      ...checkpoint,
      turn: Math.max(checkpoint.turn + 1, nowMs),
      status: 'Running',
      consumedMessageIds: [],
    },
    from: 0,
    events: rewoundEvents(history.events),
    completedMs: nowMs,
  });
  await hub.store.changeInstance(instanceId, {
    status: 'Pending',
    output: null,
    completedMs: null,
    lastUpdatedMs: nowMs,
  });
  hub.forget(instanceId);
}

/** Pure: the history with its failures made harmless. */
export function rewoundEvents(events: readonly HistoryEvent[]): HistoryEvent[] {
  const failedTasks = new Set(
    events.flatMap((event) => (event.EventType === 'TaskFailed' ? [event.TaskScheduledId] : [])),
  );
  return events.map((event) => (isFailure(event, failedTasks) ? rewound(event) : event));
}

function isFailure(event: HistoryEvent, failedTasks: ReadonlySet<number>): boolean {
  switch (event.EventType) {
    case 'TaskFailed':
    case 'SubOrchestrationInstanceFailed':
      return true;
    case 'TaskScheduled':
      return failedTasks.has(event.EventId);
    case 'ExecutionCompleted':
      return event.OrchestrationStatus === 'Failed';
    default:
      return false;
  }
}

function rewound({ EventType, EventId, Timestamp }: HistoryEvent): HistoryEvent {
  return { EventType: 'GenericEvent', EventId, Timestamp, Data: null, Reason: `Rewound: ${EventType}` };
}

function failedChildren(events: readonly HistoryEvent[]): string[] {
  const failed = new Set(
    events.flatMap((event) => (event.EventType === 'SubOrchestrationInstanceFailed' ? [event.TaskScheduledId] : [])),
  );
  return events.flatMap((event) =>
    event.EventType === 'SubOrchestrationInstanceCreated' && failed.has(event.EventId) ? [event.InstanceId] : [],
  );
}
