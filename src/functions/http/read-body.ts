/** Reads a bounded JSON body and checks it; every problem is reported at once. */
import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { badBody, problem } from './reply.ts';

const MAX_BODY_BYTES = 64 * 1024;

export type Body<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reply: HttpResponseInit };

export async function readBody<Schema extends z.ZodType>(
  request: { text(): Promise<string> },
  schema: Schema,
): Promise<Body<z.output<Schema>>> {
  const text = await request.text();
  if (text.length > MAX_BODY_BYTES) {
    return { ok: false, reply: problem(413, 'BodyTooLarge', `The body is larger than ${MAX_BODY_BYTES} bytes.`) };
  }
  return parseText(text, schema);
}

function parseText<Schema extends z.ZodType>(text: string, schema: Schema): Body<z.output<Schema>> {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    return { ok: false, reply: problem(400, 'InvalidJson', `The body is not JSON: ${String(error)}`) };
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, reply: badBody(parsed.error) };
}
