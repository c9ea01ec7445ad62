/** One accepted event inside the local Event Grid, and its form in each delivery schema. */

export type EventSchema = 'EventGridSchema' | 'CloudEventSchemaV1_0';

/** Events published as CloudEvents can only be delivered as CloudEvents; the other way both schemas are possible. */
export interface GridEvent {
  readonly inputSchema: EventSchema;
  /** ARM id of the topic that accepted it: subscriptions of this scope receive it. */
  readonly topicId: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly timeIso: string;
  readonly data: unknown;
  readonly dataVersion: string;
  /** The CloudEvent as published; absent for the Event Grid schema. */
  readonly cloudEvent?: Readonly<Record<string, unknown>>;
  readonly acceptedAtMs: number;
}

/** The event as JSON in `schema`, with the `topic` and `metadataVersion` that Event Grid adds on delivery. */
export function renderEvent(event: GridEvent, schema: EventSchema): Record<string, unknown> {
  return schema === 'EventGridSchema' ? renderEventGrid(event) : renderCloudEvent(event);
}

function renderEventGrid(event: GridEvent): Record<string, unknown> {
  return {
    topic: event.topicId,
    subject: event.subject,
    eventType: event.type,
    eventTime: event.timeIso,
    id: event.id,
    data: event.data,
    dataVersion: event.dataVersion,
    metadataVersion: '1',
  };
}

function renderCloudEvent(event: GridEvent): Record<string, unknown> {
  if (event.cloudEvent) return { ...event.cloudEvent };
  return {
    specversion: '1.0',
    id: event.id,
    source: event.topicId,
    subject: event.subject,
    type: event.type,
    time: event.timeIso,
    data: event.data,
  };
}

/** What a subscriber's filter may look at, under the names of the schema that it is delivered in. */
export function filterableFields(event: GridEvent, schema: EventSchema): Record<string, unknown> {
  const { metadataVersion: _hidden, specversion: _alsoHidden, ...fields } = renderEvent(event, schema);
  return fields;
}
