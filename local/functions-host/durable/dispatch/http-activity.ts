/** The built-in activity behind durable HTTP calls: any status is a result, only a broken connection is a failure. */
import { z } from 'zod';
import type { ActivityAnswer } from './activity-data.ts';

const TIMEOUT_MS = 100_000;

const inputSchema = z.tuple([
  z.object({
    method: z.string(),
    uri: z.url({ protocol: /^https?$/ }),
    content: z.unknown().optional(),
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullish(),
    tokenSource: z.unknown().optional(),
  }),
]);

export async function runHttpActivity(input: string): Promise<ActivityAnswer> {
  try {
    const [request] = inputSchema.parse(JSON.parse(input));
    if (request.tokenSource) {
      return { ok: false, message: 'Durable HTTP calls with a tokenSource are not available on the local host.' };
    }
    return { ok: true, result: JSON.stringify(await send(request)) };
  } catch (error) {
    const cause = error instanceof Error && error.cause ? ` (${String(error.cause)})` : '';
    return { ok: false, message: `The HTTP request failed: ${String(error)}${cause}` };
  }
}

async function send(request: z.infer<typeof inputSchema>[0]) {
  const headers = new Headers();
  for (const [name, values] of Object.entries(request.headers ?? {})) {
    for (const value of [values].flat()) headers.append(name, value);
  }
  const body = typeof request.content === 'string' ? request.content : undefined;
  const response = await fetch(request.uri, {
    method: request.method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body }),
  });
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    content: await response.text(),
  };
}
