/**
 * Reads the envelope of an event in either schema that Event Grid delivers.
 * Source: Azure documentation "Azure Event Grid event schema", "CloudEvents v1.0 schema"; @azure/eventgrid 5.12.0 typings.
 */
import { z } from 'zod';
import { type Parsed, problemsOf } from './parsed.ts';

export interface EventEnvelope {
  readonly id: string;
  readonly type: string;
  /** ARM id of what raised it. */
  readonly source: string;
  readonly subject: string;
  readonly timeMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

const text = z.string().min(1).max(2048);
const time = z
  .string()
  .max(64)
  .refine((value) => Number.isFinite(Date.parse(value)), 'is not a time');
const data = z.record(z.string(), z.unknown());
const eventGridSchema = z
  .looseObject({ id: text, eventType: text, topic: text, subject: text, eventTime: time, data })
  .transform(({ eventType: type, topic: source, eventTime, ...rest }) => ({ ...rest, type, source, time: eventTime }));
const cloudEventSchema = z.looseObject({
  specversion: z.literal('1.0'),
  id: text,
  type: text,
  source: text,
  subject: text,
  time,
  data,
});

export function parseEnvelope(event: unknown): Parsed<EventEnvelope> {
  const isCloudEvent = typeof event === 'object' && event !== null && 'specversion' in event;
  const parsed = isCloudEvent ? cloudEventSchema.safeParse(event) : eventGridSchema.safeParse(event);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
  const { id, type, source, subject, time: at, data: read } = parsed.data;
  return { ok: true, value: { id, type, source, subject, timeMs: Date.parse(at), data: read } };
}

/** The data with its keys in lower case: samples write `ModelName` and `RunId`, typings `modelName` and `runId`. */
export function lowerCaseData({ data: given }: EventEnvelope): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));
}
