/** Decides whether an event passes a subscription's filter: type, subject and every advanced filter must agree. */
import { matchesAdvancedFilter } from './advanced-filter.ts';
import { type EventSchema, filterableFields, type GridEvent } from './events/grid-event.ts';
import type { EventFilter } from './subscription-schema.ts';

/** An absent part of the filter lets everything pass. */
export function passesFilter(event: GridEvent, filter: EventFilter, schema: EventSchema): boolean {
  const types = filter.includedEventTypes;
  if (types && types.length > 0 && !types.includes(event.type)) return false;
  if (!passesSubject(event.subject, filter)) return false;
  const fields = filterableFields(event, schema);
  return (filter.advancedFilters ?? []).every((advanced) =>
    matchesAdvancedFilter(advanced, fields, filter.enableAdvancedFilteringOnArrays),
  );
}

function passesSubject(subject: string, filter: EventFilter): boolean {
  const fold = (text: string) => (filter.isSubjectCaseSensitive ? text : text.toLowerCase());
  return (
    fold(subject).startsWith(fold(filter.subjectBeginsWith)) && fold(subject).endsWith(fold(filter.subjectEndsWith))
  );
}
