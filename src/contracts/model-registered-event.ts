/**
 * Reads a ModelRegistered event in either envelope (Event Grid schema, CloudEvents 1.0) and either casing of its data.
 * Source: Azure documentation "Azure Machine Learning as an Event Grid source"; @azure/eventgrid 5.12.0 typings.
 */
import { z } from 'zod';
import type { ModelName, ModelVersion } from '../domain/ids/names.ts';

export const MODEL_REGISTERED = 'Microsoft.MachineLearningServices.ModelRegistered';

export interface EventEnvelope {
  readonly id: string;
  readonly type: string;
  /** ARM id of the workspace. */
  readonly source: string;
  readonly subject: string;
  readonly timeMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface RegisteredModel {
  readonly model: ModelName;
  readonly version: ModelVersion;
}

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly string[] };

const text = z.string().min(1).max(2048);
const time = z
  .string()
  .max(64)
  .refine((value) => Number.isFinite(Date.parse(value)), 'is not a time');
const data = z.record(z.string(), z.unknown());
const eventGridSchema = z.looseObject({ id: text, eventType: text, topic: text, subject: text, eventTime: time, data });
const cloudEventSchema = z.looseObject({
  specversion: z.literal('1.0'),
  id: text,
  type: text,
  source: text,
  subject: text,
  time,
  data,
});

/** Data keys appear as `ModelName` in the published samples and as `modelName` in the SDK; versions as numbers and as strings. */
const registeredSchema = z.looseObject({
  modelname: z.string().min(1).max(255),
  modelversion: z.union([z.string().min(1).max(100), z.int().min(0).transform(String)]),
});

export function parseEnvelope(event: unknown): Parsed<EventEnvelope> {
  const isCloudEvent = typeof event === 'object' && event !== null && 'specversion' in event;
  const parsed = isCloudEvent ? cloudEventSchema.safeParse(event) : eventGridSchema.safeParse(event);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
  const read = parsed.data as Record<string, unknown>;
  return {
    ok: true,
    value: {
      id: String(read.id),
      type: String(read.type ?? read.eventType),
      source: String(read.source ?? read.topic),
      subject: String(read.subject),
      timeMs: Date.parse(String(read.time ?? read.eventTime)),
      data: read.data as Record<string, unknown>,
    },
  };
}

export function parseRegisteredModel(envelope: EventEnvelope): Parsed<RegisteredModel> {
  const lowered = Object.fromEntries(Object.entries(envelope.data).map(([key, value]) => [key.toLowerCase(), value]));
  const parsed = registeredSchema.safeParse(lowered);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error, 'data') };
  return {
    ok: true,
    value: { model: parsed.data.modelname as ModelName, version: parsed.data.modelversion as ModelVersion },
  };
}

/** `data.modelversion: Invalid input` for every issue. */
export function problemsOf(error: z.ZodError, root = ''): readonly string[] {
  return error.issues.map((issue) => `${pathOf([...(root ? [root] : []), ...issue.path])}: ${issue.message}`);
}

function pathOf(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : `${text ? '.' : ''}${String(part)}`;
  return text || '(whole)';
}
