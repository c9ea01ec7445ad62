/** Decides which messages of a batch reach an instance and which are dropped. */

import type { HistoryEventOf } from '../engine/history-event.ts';
import type { EventMessage } from '../store/message.ts';
import { isFinished, type RuntimeStatus } from '../store/task-hub-store.ts';

export interface Admission {
  /** Starts a new execution when present. */
  readonly start: HistoryEventOf<'ExecutionStarted'> | undefined;
  readonly accepted: readonly EventMessage[];
  readonly droppedIds: readonly string[];
}

export interface AdmissionState {
  readonly executionId: string;
  readonly status: RuntimeStatus;
}

/**
 * Dropped are: messages for another execution, a second start, and anything for an unknown or finished instance.
 * A start comes first, wherever it stood in the batch.
 */
export function admit(state: AdmissionState | undefined, batch: readonly EventMessage[]): Admission {
  const starting = batch.find((message) => isAdmissibleStart(state, message));
  const start = starting?.event.EventType === 'ExecutionStarted' ? starting.event : undefined;
  const executionId = start ? start.OrchestrationInstance.ExecutionId : openExecution(state);
  const rest = batch.filter((message) => message !== starting);
  const accepted = rest.filter((message) => executionId !== undefined && isFor(executionId, message));
  const kept = new Set(accepted);
  return {
    start,
    accepted: starting ? [starting, ...accepted] : accepted,
    droppedIds: rest.filter((message) => !kept.has(message)).map((message) => message.id),
  };
}

function isAdmissibleStart(state: AdmissionState | undefined, message: EventMessage): boolean {
  if (message.event.EventType !== 'ExecutionStarted') return false;
  if (state?.executionId === message.event.OrchestrationInstance.ExecutionId) return false;
  return message.replacesRunning === true || openExecution(state) === undefined;
}

/** Continued-as-new is over for its execution; the message that starts the next one is on its way. */
function openExecution(state: AdmissionState | undefined): string | undefined {
  if (!state || isFinished(state.status) || state.status === 'ContinuedAsNew') return undefined;
  return state.executionId;
}

function isFor(executionId: string, message: EventMessage): boolean {
  if (message.event.EventType === 'ExecutionStarted') return false;
  return message.executionId === null || message.executionId === executionId;
}
