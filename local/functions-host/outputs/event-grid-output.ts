/**
 * Publishes a function's output to an Event Grid topic: all events of one invocation in one request per schema. An event
 * with `specversion` is a CloudEvent, any other one of the Event Grid schema.
 */
import type { EventGridPublisherClient } from '@azure/eventgrid';
import { z } from 'zod';
import type { MessageValue } from '../bindings/message-values.ts';
import type { OutputSink } from '../bindings/output-sink.ts';
import type { EventGridTopic } from './event-grid-binding.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const RETRIES = { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3000 };

type Schema = 'EventGrid' | 'CloudEvent';

export function createEventGridOutput(topic: EventGridTopic): OutputSink {
  let opened: Promise<Publisher> | undefined;
  return async (messages) => {
    opened ??= openPublisher(topic);
    const publisher = await opened;
    const events = messages.map(parseEvent);
    const clouds = events.filter((event) => 'specversion' in event);
    const grids = events.filter((event) => !('specversion' in event));
    if (grids.length > 0) await publisher.sendGridEvents(grids);
    if (clouds.length > 0) await publisher.sendCloudEvents(clouds);
  };
}

type JsonEvent = Record<string, unknown>;

/** What Event Grid asks of an event in its own schema (Event Grid documentation, "Event Grid event schema"). */
const gridEventSchema = z.looseObject({
  id: z.string().min(1),
  subject: z.string().min(1),
  eventType: z.string().min(1),
  eventTime: z.iso.datetime({ offset: true, local: true }).transform((text) => new Date(text)),
  dataVersion: z.string().default(''),
  data: z.unknown(),
});

interface Publisher {
  sendGridEvents(events: readonly JsonEvent[]): Promise<void>;
  sendCloudEvents(events: readonly JsonEvent[]): Promise<void>;
}

/** Imported at the first event: the client is slow to load. */
async function openPublisher({ endpoint, key }: EventGridTopic): Promise<Publisher> {
  const { AzureKeyCredential, EventGridDeserializer, EventGridPublisherClient } = await import('@azure/eventgrid');
  const url = new URL(endpoint);
  const allowInsecureConnection = url.protocol === 'http:' && LOOPBACK.has(url.hostname);
  const options = { retryOptions: RETRIES, allowInsecureConnection };
  const credential = key === undefined ? await openIdentity() : new AzureKeyCredential(key);
  const client = <S extends Schema>(schema: S): EventGridPublisherClient<S> =>
    new EventGridPublisherClient(endpoint, schema, credential, options);
  const [grid, cloud] = [client('EventGrid'), client('CloudEvent')];
  const reader = new EventGridDeserializer();
  return {
    async sendGridEvents(events) {
      await grid.send(events.map((event) => gridEventSchema.parse(event)));
    },
    async sendCloudEvents(events) {
      const read = await Promise.all(events.map((event) => reader.deserializeCloudEvents(event)));
      await cloud.send(read.flat());
    },
  };
}

async function openIdentity() {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}

function parseEvent(message: MessageValue): JsonEvent {
  const text = typeof message === 'string' ? message : Buffer.from(message).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonEvent;
  throw new Error(`An output for Event Grid must be an event object or an array of them, not ${text.slice(0, 100)}`);
}
