/** What a turn wants committed: pure data, so that a repeated turn can be compared and repeated. */

import type { HistoryEvent } from '../engine/history-event.ts';
import type { ActivityMessage, EventMessage } from '../store/message.ts';
import type { InstanceChange, InstanceRecord, RuntimeStatus } from '../store/task-hub-store.ts';

type Draft<T> = Omit<T, 'sequence' | 'origin'> & { readonly sequence?: number };
/** A message before the commit gives it its place and origin. */
export type MessageDraft = Draft<EventMessage> | Draft<ActivityMessage>;

export interface TurnPlan {
  readonly executionId: string;
  /** Position of the first new event: 0 for a new execution. */
  readonly from: number;
  readonly events: readonly HistoryEvent[];
  readonly status: RuntimeStatus;
  readonly customStatus: string | null;
  readonly messages: readonly MessageDraft[];
  /** The whole record for a new execution, else what changed. */
  readonly record: { readonly put: InstanceRecord } | { readonly change: InstanceChange };
}
