/** Records, histories and messages for the store tests. */

import type { HistoryEvent } from '../../../../../local/functions-host/durable/engine/history-event.ts';
import { wireTime } from '../../../../../local/functions-host/durable/engine/wire-time.ts';
import type { EventMessage } from '../../../../../local/functions-host/durable/store/message.ts';
import type {
  Checkpoint,
  HistoryCommit,
  InstanceRecord,
} from '../../../../../local/functions-host/durable/store/task-hub-store.ts';

export const BASE_MS = Date.UTC(2026, 0, 1);

export function record(instanceId: string, change: Partial<InstanceRecord> = {}): InstanceRecord {
  return {
    instanceId,
    executionId: 'e1',
    name: 'orchestrator',
    version: null,
    input: '{"a":1}',
    output: null,
    customStatus: null,
    status: 'Pending',
    createdMs: BASE_MS,
    lastUpdatedMs: BASE_MS,
    completedMs: null,
    ...change,
  };
}

export function checkpoint(change: Partial<Checkpoint> = {}): Checkpoint {
  return {
    executionId: 'e1',
    turn: BASE_MS,
    status: 'Running',
    customStatus: null,
    consumedMessageIds: [],
    length: 0,
    ...change,
  };
}

export function raised(name: string, input: string | null = null): HistoryEvent {
  return { EventType: 'EventRaised', EventId: -1, Timestamp: wireTime(BASE_MS), Name: name, Input: input };
}

export function oneOfEach(): HistoryEvent[] {
  const at = { EventId: -1, Timestamp: wireTime(BASE_MS + 123) };
  const OrchestrationInstance = { InstanceId: 'i', ExecutionId: 'e1' };
  const started = { Name: 'orchestrator', Version: '1.0', Input: '"x"' };
  const parent = { Name: 'p', OrchestrationInstance, TaskScheduleId: 3, Version: null };
  const failure = { Reason: 'why', Details: 'more', FailureDetails: { ErrorType: 'E', IsNonRetriable: true } };
  return [
    { EventType: 'OrchestratorStarted', ...at },
    {
      EventType: 'ExecutionStarted',
      ...at,
      ...started,
      OrchestrationInstance,
      ParentInstance: parent,
      Tags: { t: 'v' },
    },
    { EventType: 'TaskScheduled', ...at, EventId: 0, Name: 'act', Version: null, Input: null },
    { EventType: 'TaskCompleted', ...at, TaskScheduledId: 0, Result: null },
    { EventType: 'TaskFailed', ...at, TaskScheduledId: 1, ...failure },
    { EventType: 'TimerCreated', ...at, EventId: 2, FireAt: wireTime(BASE_MS + 1000) },
    { EventType: 'TimerFired', ...at, TimerId: 2, FireAt: wireTime(BASE_MS + 1000) },
    { EventType: 'EventSent', ...at, EventId: 3, InstanceId: '@counter@k', Name: 'op', Input: '{"op":"add"}' },
    raised('Ünïcode', '{"text":"naïve ✓"}'),
    { EventType: 'ContinueAsNew', ...at, Result: '{"n":1}' },
    { EventType: 'ExecutionSuspended', ...at, Reason: 'pause' },
    { EventType: 'OrchestratorCompleted', ...at },
  ];
}

export function commitOf(
  instanceId: string,
  tag: string | undefined,
  from: number,
  events: readonly HistoryEvent[],
  change: Partial<Checkpoint> = {},
): HistoryCommit {
  const length = from + events.length;
  return { instanceId, tag, from, events, completedMs: BASE_MS, checkpoint: checkpoint({ length, ...change }) };
}

export function message(id: string, instanceId: string, input: string | null = null): EventMessage {
  return {
    kind: 'event',
    id,
    instanceId,
    executionId: null,
    dueMs: BASE_MS + 5,
    sequence: BASE_MS * 1000 + 1,
    origin: { instanceId: 'sender', turn: BASE_MS },
    event: raised('E', input),
    replacesRunning: false,
  };
}
