/** Messages to a running instance: events, termination, suspension, resumption. */
import type { ManagementRequest, ManagementResponse } from '../../seams/durable-host.ts';
import type { TaskHub } from '../dispatch/task-hub.ts';
import type { HistoryEvent } from '../engine/history-event.ts';
import { wireTime } from '../engine/wire-time.ts';
import { type InstanceRecord, isFinished } from '../store/task-hub-store.ts';
import { jsonBody, type Query } from './request.ts';
import { badArgument, empty, invalidState } from './responses.ts';

export async function raiseEventRoute(
  hub: TaskHub,
  request: ManagementRequest,
  instanceId: string,
  eventName: string,
): Promise<ManagementResponse> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw badArgument('Only application/json request content is supported.');
  }
  const input = jsonBody(request);
  if (input === undefined) throw badArgument('The request body is empty; an event needs JSON content.');
  return steer(hub, instanceId, () => ({
    EventType: 'EventRaised',
    ...unscheduled(hub),
    Name: eventName,
    Input: input,
  }));
}

export async function terminateRoute(hub: TaskHub, query: Query, instanceId: string): Promise<ManagementResponse> {
  const reason = query.text('reason') ?? '';
  return steer(hub, instanceId, () => ({ EventType: 'ExecutionTerminated', ...unscheduled(hub), Input: reason }));
}

/** Suspending what is suspended, or resuming what is not, is answered 500. */
export async function suspensionRoute(
  hub: TaskHub,
  query: Query,
  instanceId: string,
  verb: 'suspend' | 'resume',
): Promise<ManagementResponse> {
  const Reason = query.text('reason') ?? '';
  return steer(hub, instanceId, ({ status }) => {
    if ((status === 'Suspended') !== (verb === 'resume')) {
      throw invalidState(`Cannot ${verb} orchestration instance in the ${status} state.`);
    }
    const EventType = verb === 'suspend' ? 'ExecutionSuspended' : 'ExecutionResumed';
    return { EventType, ...unscheduled(hub), Reason };
  });
}

async function steer(
  hub: TaskHub,
  instanceId: string,
  eventFor: (record: InstanceRecord) => HistoryEvent,
): Promise<ManagementResponse> {
  const record = await hub.store.readInstance(instanceId);
  if (!record) return empty(404);
  if (isFinished(record.status)) return empty(410);
  const event = eventFor(record);
  const dueMs = hub.clock.nowMs();
  await hub.post({ kind: 'event', id: `x.${hub.newId()}`, instanceId, executionId: null, dueMs, event });
  return empty(202);
}

function unscheduled(hub: TaskHub) {
  return { EventId: -1, Timestamp: wireTime(hub.clock.nowMs()) };
}
