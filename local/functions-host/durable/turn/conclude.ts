/** Turns the end of an execution into its closing event, its last messages and the instance's new state. */
import type { Completion } from '../engine/decision.ts';
import { deterministicHexId } from '../engine/deterministic-guid.ts';
import type { HistoryEvent, HistoryEventOf, ParentInstance } from '../engine/history-event.ts';
import { wireTime } from '../engine/wire-time.ts';
import type { RuntimeStatus } from '../store/task-hub-store.ts';
import type { MessageDraft } from './turn-plan.ts';

export interface EndingExecution {
  readonly nowMs: number;
  readonly started: HistoryEventOf<'ExecutionStarted'>;
  readonly carried: readonly HistoryEventOf<'EventRaised'>[];
}

export interface Conclusion {
  readonly status: RuntimeStatus;
  readonly output: string | null;
  readonly events: readonly HistoryEvent[];
  readonly messages: readonly MessageDraft[];
}

export function conclude(ending: EndingExecution, completion: Completion): Conclusion {
  const Timestamp = wireTime(ending.nowMs);
  switch (completion.kind) {
    case 'continuedAsNew':
      return {
        status: 'ContinuedAsNew',
        output: null,
        events: [{ EventType: 'ContinueAsNew', EventId: -1, Timestamp, Result: completion.input }],
        messages: nextExecution(ending, completion.input),
      };
    case 'completed':
      return ended(ending, 'Completed', completion.output, null, null);
    case 'terminated':
      return ended(ending, 'Terminated', completion.reason, null, null);
    case 'failed':
      return ended(ending, 'Failed', completion.reason, completion.details, completion.failureDetails ?? null);
  }
}

function ended(
  ending: EndingExecution,
  status: 'Completed' | 'Failed' | 'Terminated',
  output: string | null,
  details: string | null,
  failureDetails: Readonly<Record<string, unknown>> | null,
): Conclusion {
  const closing: HistoryEventOf<'ExecutionCompleted'> = {
    EventType: 'ExecutionCompleted',
    EventId: -1,
    Timestamp: wireTime(ending.nowMs),
    OrchestrationStatus: status,
    Result: output,
    Details: details,
    FailureDetails: failureDetails,
  };
  const parent = ending.started.ParentInstance;
  return { status, output, events: [closing], messages: parent ? [tellParent(ending, parent, closing)] : [] };
}

/** A terminated child's details are null, which the SDK cannot read: its parent fails, as in Azure. */
function tellParent(
  ending: EndingExecution,
  parent: ParentInstance,
  closing: HistoryEventOf<'ExecutionCompleted'>,
): MessageDraft {
  const common = { EventId: -1, Timestamp: closing.Timestamp, TaskScheduledId: parent.TaskScheduleId };
  return {
    kind: 'event',
    id: `c.${ending.started.OrchestrationInstance.ExecutionId}`,
    instanceId: parent.OrchestrationInstance.InstanceId,
    executionId: parent.OrchestrationInstance.ExecutionId,
    dueMs: ending.nowMs,
    event:
      closing.OrchestrationStatus === 'Completed'
        ? { ...common, EventType: 'SubOrchestrationInstanceCompleted', Result: closing.Result }
        : {
            ...common,
            EventType: 'SubOrchestrationInstanceFailed',
            Reason: closing.Result,
            Details: closing.Details,
            FailureDetails: closing.FailureDetails,
          },
  };
}

/** The next execution starts by a message to the same instance; sequence numbers put it before all that waits. */
function nextExecution(ending: EndingExecution, input: string | null): MessageDraft[] {
  const { InstanceId, ExecutionId } = ending.started.OrchestrationInstance;
  const next = { InstanceId, ExecutionId: deterministicHexId(ExecutionId, 'next') };
  const to = { kind: 'event', instanceId: InstanceId, dueMs: ending.nowMs } as const;
  const start: MessageDraft = {
    ...to,
    id: `n.${next.ExecutionId}`,
    executionId: null,
    sequence: 0,
    event: { ...ending.started, Timestamp: wireTime(ending.nowMs), Input: input, OrchestrationInstance: next },
  };
  const carried = ending.carried.map(
    (event, index): MessageDraft => ({
      ...to,
      id: `n.${next.ExecutionId}.${index}`,
      executionId: next.ExecutionId,
      sequence: index + 1,
      event,
    }),
  );
  return [start, ...carried];
}
