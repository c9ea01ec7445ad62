/** Turns one decision into the event that records it and the message that carries it out. */
import type { Decision } from '../engine/decision.ts';
import { deterministicHexId } from '../engine/deterministic-guid.ts';
import type { HistoryEvent } from '../engine/history-event.ts';
import { wireTime } from '../engine/wire-time.ts';
import type { MessageDraft } from './turn-plan.ts';

export interface DecidingExecution {
  readonly instanceId: string;
  readonly executionId: string;
  readonly name: string;
  readonly version: string | null;
  readonly nowMs: number;
}

export interface CarriedOut {
  readonly event: HistoryEvent;
  readonly message: MessageDraft;
}

export function carryOut(execution: DecidingExecution, decision: Decision): CarriedOut {
  switch (decision.kind) {
    case 'activity':
      return scheduleActivity(execution, decision);
    case 'timer':
      return createTimer(execution, decision);
    case 'subOrchestration':
      return startChild(execution, decision);
    case 'event':
      return sendEvent(execution, decision);
  }
}

type DecisionOf<K extends Decision['kind']> = Extract<Decision, { kind: K }>;

function scheduleActivity(execution: DecidingExecution, decision: DecisionOf<'activity'>): CarriedOut {
  const { instanceId, executionId, nowMs } = execution;
  return {
    event: {
      ...recorded(execution, decision),
      EventType: 'TaskScheduled',
      Name: decision.name,
      Version: null,
      Input: null,
    },
    message: {
      kind: 'activity',
      id: `a.${executionId}.${decision.id}`,
      instanceId,
      executionId,
      dueMs: nowMs,
      taskId: decision.id,
      name: decision.name,
      input: decision.input,
    },
  };
}

function createTimer(execution: DecidingExecution, decision: DecisionOf<'timer'>): CarriedOut {
  const { instanceId, executionId } = execution;
  const fireAt = wireTime(decision.fireAtMs);
  return {
    event: { ...recorded(execution, decision), EventType: 'TimerCreated', FireAt: fireAt },
    message: {
      kind: 'event',
      id: `t.${executionId}.${decision.id}`,
      instanceId,
      executionId,
      dueMs: decision.fireAtMs,
      event: { EventType: 'TimerFired', EventId: -1, Timestamp: fireAt, TimerId: decision.id, FireAt: fireAt },
    },
  };
}

function startChild(execution: DecidingExecution, decision: DecisionOf<'subOrchestration'>): CarriedOut {
  const child = {
    InstanceId: decision.instanceId,
    ExecutionId: deterministicHexId(execution.executionId, decision.id),
  };
  const started = { Name: decision.name, Version: decision.version, Input: decision.input };
  return {
    event: {
      ...recorded(execution, decision),
      ...started,
      EventType: 'SubOrchestrationInstanceCreated',
      InstanceId: decision.instanceId,
      Input: null,
    },
    message: {
      kind: 'event',
      id: `s.${child.ExecutionId}`,
      instanceId: decision.instanceId,
      executionId: null,
      dueMs: execution.nowMs,
      event: {
        EventType: 'ExecutionStarted',
        EventId: -1,
        Timestamp: wireTime(execution.nowMs),
        ...started,
        OrchestrationInstance: child,
        ParentInstance: {
          Name: execution.name,
          OrchestrationInstance: { InstanceId: execution.instanceId, ExecutionId: execution.executionId },
          TaskScheduleId: decision.id,
          Version: execution.version,
        },
        Tags: null,
      },
    },
  };
}

function sendEvent(execution: DecidingExecution, decision: DecisionOf<'event'>): CarriedOut {
  const { instanceId, name, input } = decision;
  const Timestamp = wireTime(execution.nowMs);
  return {
    event: {
      ...recorded(execution, decision),
      EventType: 'EventSent',
      InstanceId: instanceId,
      Name: name,
      Input: input,
    },
    message: {
      kind: 'event',
      id: `e.${execution.executionId}.${decision.id}`,
      instanceId,
      executionId: null,
      dueMs: decision.dueMs ?? execution.nowMs,
      event: { EventType: 'EventRaised', EventId: -1, Timestamp, Name: name, Input: input },
    },
  };
}

function recorded(execution: DecidingExecution, decision: Decision) {
  return { EventId: decision.id, Timestamp: wireTime(execution.nowMs) };
}
