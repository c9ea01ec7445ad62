/** Turns the library's `http` answer into an HTTP reply. */
import { z } from 'zod';
import type { RpcTypedData } from '../seams/invocation.ts';
import { emptyReply, type Reply } from './exchange.ts';
import { cookieSchema, serializeCookie } from './rpc-cookie.ts';

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'te',
  'trailer',
]);

const httpSchema = z.looseObject({
  statusCode: z.string().regex(/^\d{3}$/),
  headers: z.record(z.string(), z.string()).default({}),
  cookies: z.array(cookieSchema).default([]),
  body: z.looseObject({ bytes: z.instanceof(Uint8Array).optional(), string: z.string().optional() }).nullish(),
});

/** A handler that returned nothing is answered with 204. */
export function toReply(returnValue: RpcTypedData | undefined): Reply {
  if (!returnValue?.http) return emptyReply(204);
  const http = httpSchema.parse(returnValue.http);
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(http.headers)) if (!HOP_BY_HOP.has(name)) headers[name] = value;
  if (http.cookies.length > 0) headers['set-cookie'] = http.cookies.map(serializeCookie);
  return { status: Number(http.statusCode), headers, body: http.body?.bytes ?? http.body?.string ?? '' };
}
