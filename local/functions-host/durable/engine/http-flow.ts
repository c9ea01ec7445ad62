/** Durable HTTP calls: the built-in activity, and polling while the answer is 202 with a Location. */
import { z } from 'zod';
import type { HttpRequestAction } from './actions.ts';
import { FAILED, type Flow, type Settlement } from './engine-task.ts';
import type { ReplayContext } from './replay-context.ts';

/** Name under which the extension runs durable HTTP requests. */
export const HTTP_ACTIVITY = 'BuiltIn::HttpActivity';

const responseSchema = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullish(),
});

export function* httpFlow(context: ReplayContext, request: HttpRequestAction): Flow {
  let next = request;
  for (;;) {
    const input = JSON.stringify([next]);
    const settlement: Settlement = yield context.schedule({ kind: 'activity', name: HTTP_ACTIVITY, input }).task;
    if (!settlement.ok || !next.asynchronousPatternEnabled) return settlement;
    const response = responseSchema.parse(JSON.parse(settlement.result ?? 'null'));
    if (response.statusCode !== 202) return settlement;
    const location = header(response.headers, 'location');
    if (!location) return FAILED;
    const retryAfterSeconds = Number(header(response.headers, 'retry-after'));
    const delayMs = retryAfterSeconds > 0 ? retryAfterSeconds * 1000 : context.limits.defaultHttpSleepMs;
    yield context.schedule({ kind: 'timer', fireAtMs: context.nowMs + delayMs }).task;
    next = pollRequest(request, location);
  }
}

/** Same headers without the function key, which belongs to the first address only. */
function pollRequest(request: HttpRequestAction, location: string): HttpRequestAction {
  const headers = Object.entries(request.headers ?? {}).filter(([name]) => name.toLowerCase() !== 'x-functions-key');
  const { content: _content, ...rest } = request;
  return { ...rest, method: 'GET', uri: new URL(location, request.uri).href, headers: Object.fromEntries(headers) };
}

function header(headers: Record<string, string | string[]> | null | undefined, name: string): string | undefined {
  const value = Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  return Array.isArray(value) ? value[0] : value;
}
