/**
 * The events of an orchestration's history. Properties are named as on the wire and as the columns of the History
 * table (DurableTask.Core history events, `durable-functions` 3.5.0 `history/`), so that neither needs a mapping.
 */
import { z } from 'zod';

/** Numbers that the SDK expects in `EventType`. */
export const EVENT_TYPE_NUMBERS = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventSent: 14,
  EventRaised: 15,
  ContinueAsNew: 16,
  GenericEvent: 17,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

const text = z.string().nullable().default(null);
const details = z.record(z.string(), z.unknown()).nullable().default(null);
const common = { EventId: z.int().default(-1), Timestamp: z.string() };
const scheduled = { Name: z.string(), Version: text, Input: text };
const completed = { TaskScheduledId: z.int(), Result: text };
const failed = { TaskScheduledId: z.int(), Reason: text, Details: text, FailureDetails: details };

const instanceSchema = z.object({ InstanceId: z.string(), ExecutionId: z.string() });
const parentSchema = z.object({
  Name: z.string(),
  OrchestrationInstance: instanceSchema,
  TaskScheduleId: z.int(),
  Version: text,
});

export const historyEventSchema = z.discriminatedUnion('EventType', [
  z.object({
    EventType: z.literal('ExecutionStarted'),
    ...common,
    ...scheduled,
    OrchestrationInstance: instanceSchema,
    ParentInstance: parentSchema.nullable().default(null),
    Tags: z.record(z.string(), z.string()).nullable().default(null),
  }),
  z.object({
    EventType: z.literal('ExecutionCompleted'),
    ...common,
    OrchestrationStatus: z.enum(['Completed', 'Failed', 'Terminated']),
    Result: text,
    Details: text,
    FailureDetails: details,
  }),
  z.object({ EventType: z.literal('ExecutionTerminated'), ...common, Input: text }),
  z.object({ EventType: z.literal('TaskScheduled'), ...common, ...scheduled }),
  z.object({ EventType: z.literal('TaskCompleted'), ...common, ...completed }),
  z.object({ EventType: z.literal('TaskFailed'), ...common, ...failed }),
  z.object({
    EventType: z.literal('SubOrchestrationInstanceCreated'),
    ...common,
    ...scheduled,
    InstanceId: z.string(),
  }),
  z.object({ EventType: z.literal('SubOrchestrationInstanceCompleted'), ...common, ...completed }),
  z.object({ EventType: z.literal('SubOrchestrationInstanceFailed'), ...common, ...failed }),
  z.object({ EventType: z.literal('TimerCreated'), ...common, FireAt: z.string() }),
  z.object({ EventType: z.literal('TimerFired'), ...common, TimerId: z.int(), FireAt: z.string() }),
  z.object({ EventType: z.literal('OrchestratorStarted'), ...common }),
  z.object({ EventType: z.literal('OrchestratorCompleted'), ...common }),
  z.object({ EventType: z.literal('EventSent'), ...common, InstanceId: z.string(), Name: z.string(), Input: text }),
  z.object({ EventType: z.literal('EventRaised'), ...common, Name: z.string(), Input: text }),
  z.object({ EventType: z.literal('ContinueAsNew'), ...common, Result: text }),
  z.object({ EventType: z.literal('GenericEvent'), ...common, Data: text, Reason: text }),
  z.object({ EventType: z.literal('ExecutionSuspended'), ...common, Reason: text }),
  z.object({ EventType: z.literal('ExecutionResumed'), ...common, Reason: text }),
]);

export type HistoryEvent = z.infer<typeof historyEventSchema>;
export type HistoryEventOf<T extends HistoryEvent['EventType']> = Extract<HistoryEvent, { EventType: T }>;
export type ParentInstance = z.infer<typeof parentSchema>;
export type FailureDetails = Readonly<Record<string, unknown>>;
