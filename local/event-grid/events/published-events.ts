/** Parses the body of a publish request in the schema of its topic; a refusal names every problem with its path. */
import { z } from 'zod';
import type { GridEvent } from './grid-event.ts';
import type { Topic } from './topic.ts';

const required = z.string().min(1).max(4096);
const time = z.iso.datetime({ offset: true });

const eventGridSchema = z.strictObject({
  id: required,
  topic: z.string().max(4096).optional(),
  subject: required,
  eventType: required,
  eventTime: time,
  data: z.unknown().optional(),
  dataVersion: z.string().max(4096).default(''),
  metadataVersion: z.enum(['', '1']).optional(),
});

const EXTENSION_NAME = /^[a-z0-9]{1,20}$/;

const cloudEventSchema = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: required,
    source: required,
    type: required,
    subject: required.optional(),
    time: time.optional(),
    datacontenttype: z.string().max(200).optional(),
    dataschema: z.string().max(4096).optional(),
    data: z.unknown().optional(),
    data_base64: z.base64().optional(),
  })
  .superRefine((event, context) => {
    if (event.data !== undefined && event.data_base64 !== undefined) {
      context.addIssue({ code: 'custom', message: 'An event has data or data_base64, not both.' });
    }
    for (const name of Object.keys(event)) {
      if (name !== 'data_base64' && !EXTENSION_NAME.test(name)) {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'Attribute names have lower-case letters and digits.',
        });
      }
    }
  });

export type PublishResult =
  | { readonly ok: true; readonly events: readonly GridEvent[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** `contentType` is the media type without parameters, in lower case. */
export function parsePublished(topic: Topic, contentType: string, body: unknown, nowMs: number): PublishResult {
  return topic.inputSchema === 'EventGridSchema'
    ? parseEventGrid(topic, contentType, body, nowMs)
    : parseCloudEvents(topic, contentType, body, nowMs);
}

function parseEventGrid(topic: Topic, contentType: string, body: unknown, nowMs: number): PublishResult {
  if (contentType !== 'application/json') return wrongSchema(topic, contentType);
  const parsed = z.array(eventGridSchema).min(1).safeParse(body);
  if (!parsed.success) return { ok: false, problems: describe(parsed.error) };
  const foreign = parsed.data.findIndex((event) => event.topic && event.topic.toLowerCase() !== topic.id.toLowerCase());
  if (foreign >= 0) return { ok: false, problems: [`${foreign}.topic: The topic must be absent or ${topic.id}.`] };
  const events = parsed.data.map((event) => ({
    inputSchema: topic.inputSchema,
    topicId: topic.id,
    id: event.id,
    type: event.eventType,
    subject: event.subject,
    timeIso: event.eventTime,
    data: event.data ?? null,
    dataVersion: event.dataVersion,
    acceptedAtMs: nowMs,
  }));
  return { ok: true, events };
}

function parseCloudEvents(topic: Topic, contentType: string, body: unknown, nowMs: number): PublishResult {
  const batch = contentType === 'application/cloudevents-batch+json';
  if (!batch && contentType !== 'application/cloudevents+json') return wrongSchema(topic, contentType);
  const parsed = z
    .array(cloudEventSchema)
    .min(1)
    .safeParse(batch ? body : [body]);
  if (!parsed.success) return { ok: false, problems: describe(parsed.error) };
  const events = parsed.data.map((event) => ({
    inputSchema: topic.inputSchema,
    topicId: topic.id,
    id: event.id,
    type: event.type,
    subject: event.subject ?? '',
    timeIso: event.time ?? new Date(nowMs).toISOString(),
    data: event.data,
    dataVersion: '',
    cloudEvent: event,
    acceptedAtMs: nowMs,
  }));
  return { ok: true, events };
}

function wrongSchema(topic: Topic, contentType: string): PublishResult {
  const problem = `The topic ${topic.name} takes events in ${topic.inputSchema}; content type ${contentType} is not of it.`;
  return { ok: false, problems: [problem] };
}

function describe(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
}
