/** The history as the status route shows it: scheduling events folded into their completions. */
import type { HistoryEvent } from '../engine/history-event.ts';
import { parsedOrText } from './status-body.ts';

const HIDDEN = new Set<string>([
  'OrchestratorStarted',
  'OrchestratorCompleted',
  'TaskScheduled',
  'TimerCreated',
  'SubOrchestrationInstanceCreated',
]);
const DROPPED = new Set([
  'EventId',
  'IsPlayed',
  'TimerId',
  'TaskScheduledId',
  'Version',
  'OrchestrationInstance',
  'Tags',
]);

export interface HistoryShown {
  readonly showOutput: boolean;
  readonly showInput: boolean;
}

export function historyOutput(events: readonly HistoryEvent[], shown: HistoryShown): Record<string, unknown>[] {
  const scheduled = new Map(events.filter(isScheduling).map((event) => [event.EventId, event]));
  return events
    .filter((event) => !HIDDEN.has(event.EventType))
    .map((event) => ({ ...visible(event, shown), ...folded(event, scheduled, shown) }));
}

function isScheduling(event: HistoryEvent): boolean {
  return HIDDEN.has(event.EventType) && event.EventId >= 0;
}

function visible(event: HistoryEvent, shown: HistoryShown): Record<string, unknown> {
  const kept = Object.entries(event).filter(([name, value]) => {
    if (DROPPED.has(name) || value === null) return false;
    if (name === 'Result') return shown.showOutput;
    return name !== 'Input' || shown.showInput;
  });
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name === 'Name' ? 'FunctionName' : name,
      name === 'Result' || name === 'Input' ? parsedOrText(value as string) : value,
    ]),
  );
}

function folded(event: HistoryEvent, scheduled: ReadonlyMap<number, HistoryEvent>, shown: HistoryShown) {
  const id = 'TaskScheduledId' in event ? event.TaskScheduledId : 'TimerId' in event ? event.TimerId : undefined;
  const partner = id === undefined ? undefined : scheduled.get(id);
  if (!partner) return {};
  const hasName = 'Name' in partner;
  const hasInput = 'Input' in partner && partner.Input !== null && shown.showInput;
  return {
    ScheduledTime: partner.Timestamp,
    ...(hasName ? { FunctionName: partner.Name } : {}),
    ...(hasInput ? { Input: parsedOrText(partner.Input) } : {}),
  };
}
