/** Holds a scheduling event of the history against the decision that this replay made under the same id. */
import type { Decision } from './decision.ts';
import { NonDeterminism } from './engine-failure.ts';
import type { HistoryEventOf } from './history-event.ts';

type ScheduledEvent = HistoryEventOf<
  'TaskScheduled' | 'TimerCreated' | 'SubOrchestrationInstanceCreated' | 'EventSent'
>;

const KINDS = {
  TaskScheduled: 'activity',
  TimerCreated: 'timer',
  SubOrchestrationInstanceCreated: 'subOrchestration',
  EventSent: 'event',
} as const;

const WORDS = {
  activity: 'an activity task',
  timer: 'a timer task',
  subOrchestration: 'a sub-orchestration task',
  event: 'an event message',
} as const;

/** Removes the decision from `pending`; fails the instance when there is none of that id, kind and name. */
export function matchScheduled(pending: Map<number, Decision>, event: ScheduledEvent): void {
  const kind = KINDS[event.EventType];
  const decision = pending.get(event.EventId);
  const name = 'Name' in event ? event.Name : undefined;
  const scheduled = `${WORDS[kind]} with sequence ID ${event.EventId}${name === undefined ? '' : ` and name '${name}'`}`;
  if (!decision) throw new NonDeterminism(scheduled, 'has scheduled nothing under that ID (yet)');
  if (decision.kind !== kind) throw new NonDeterminism(scheduled, `scheduled ${WORDS[decision.kind]} there`);
  if (decision.kind !== 'timer' && decision.name.toLowerCase() !== name?.toLowerCase()) {
    throw new NonDeterminism(scheduled, `scheduled one named '${decision.name}' there`);
  }
  pending.delete(event.EventId);
}
