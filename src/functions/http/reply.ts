/** Replies of the HTTP API: JSON, never cached, errors with a code and what to do. */
import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import type { ErrorBody } from '../../contracts/http.ts';

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function json(status: number, body: object, headers: Record<string, string> = {}): HttpResponseInit {
  return { status, jsonBody: body, headers: { ...HEADERS, ...headers } };
}

export function problem(
  status: number,
  code: string,
  message: string,
  details?: ErrorBody['error']['details'],
  headers: Record<string, string> = {},
): HttpResponseInit {
  const body: ErrorBody = { error: { code, message, ...(details ? { details } : {}) } };
  return json(status, body, headers);
}

export function badBody(error: z.ZodError): HttpResponseInit {
  const details = error.issues.map((issue) => ({ path: issue.path.join('.') || '(body)', message: issue.message }));
  return problem(400, 'InvalidBody', `The request body has ${details.length} problem(s).`, details);
}

export function page(status: number, html: string): HttpResponseInit {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
  const headers = {
    ...HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
  };
  return { status, body: html, headers };
}
