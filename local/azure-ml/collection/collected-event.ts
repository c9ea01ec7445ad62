/**
 * Turns one call of Azure ML's collector into the line that is stored: a CloudEvent as in the collected files of
 * Azure/azureml-assets (test data of model_monitoring). The call is what azureml-ai-monitoring 1.0.0 sends: the rows as a
 * JSON array in the body, the event's attributes as `ce-*` headers (`worker/sender.py`).
 */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type CollectedEvent =
  | { readonly ok: true; readonly collection: string; readonly timeMs: number; readonly line: string }
  | { readonly ok: false; readonly status: 400 | 415; readonly problem: string };

const TYPE = /^azureml\.inference\.(.{1,255})$/;
/** Attributes with a place of their own in the line. */
const PLACED = new Set(['ce-time', 'ce-type', 'ce-x-request-id', 'ce-source', 'ce-id', 'ce-specversion']);
const MAX_ATTRIBUTE_CHARACTERS = 1_000;

export function collectedEvent(
  headers: IncomingHttpHeaders,
  body: Buffer,
  context: { readonly source: string; readonly nowMs: number },
): CollectedEvent {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    return { ok: false, status: 415, problem: 'Only application/json is collected.' };
  }
  const type = text(headers['ce-type']);
  const collection = TYPE.exec(type)?.[1];
  if (collection === undefined) return refused(`The header ce-type '${type}' is not azureml.inference.<collection>.`);
  const data = rowsOf(body);
  if (data === undefined) return refused('The body is no JSON array of rows.');
  const timeMs = timeOf(text(headers['ce-time']), context.nowMs);
  const requestId = text(headers['ce-x-request-id']) || randomUUID();
  const event = {
    ...extensions(headers),
    specversion: '1.0',
    id: text(headers['trace-id']) || randomUUID(),
    source: context.source,
    type,
    datacontenttype: 'application/json',
    time: `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
    data,
    contentrange: `bytes 0-${Math.max(0, body.length - 1)}/${body.length}`,
    correlationid: requestId,
    xrequestid: requestId,
  };
  return { ok: true, collection, timeMs, line: `${JSON.stringify(event)}\n` };
}

function refused(problem: string): CollectedEvent {
  return { ok: false, status: 400, problem };
}

function rowsOf(body: Buffer): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The collector sends whole seconds since the epoch; a header that is none leaves the time of arrival. */
function timeOf(given: string, nowMs: number): number {
  return /^\d{9,11}$/.test(given) ? Number(given) * 1000 : nowMs;
}

/** `ce-collect-data-type` becomes `collectdatatype`: names of CloudEvents attributes are letters and digits. */
function extensions(headers: IncomingHttpHeaders): Record<string, string> {
  const given = Object.entries(headers).filter(([name]) => name.startsWith('ce-') && !PLACED.has(name));
  return Object.fromEntries(
    given.map(([name, value]) => [
      name.slice(3).replace(/[^a-z0-9]/g, ''),
      text(value).slice(0, MAX_ATTRIBUTE_CHARACTERS),
    ]),
  );
}

function text(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : (header?.[0] ?? '');
}
