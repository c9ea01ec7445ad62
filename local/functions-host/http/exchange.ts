/** One HTTP request as the host's handlers see it, and the reply they give. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The Functions host's default request limit, 100 MB (`FUNCTIONS_REQUEST_BODY_SIZE_LIMIT`). */
export const BODY_LIMIT_BYTES = 104_857_600;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | string;
}

export interface Exchange {
  readonly method: string;
  /** With the origin that the caller used. */
  readonly url: URL;
  /** Lower-case names; repeated headers joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The whole body; rejects with BodyTooLarge beyond `limitBytes` (BODY_LIMIT_BYTES unless given). */
  readBody(limitBytes?: number): Promise<Uint8Array>;
}

/** Answers a request, or undefined when it was answered on the response itself. */
export type ExchangeHandler = (exchange: Exchange) => Promise<Reply | undefined>;

export class BodyTooLarge extends Error {
  constructor(limitBytes: number) {
    super(`The request body is larger than ${limitBytes} bytes.`);
  }
}

export function createExchange(request: IncomingMessage, response: ServerResponse, port: number): Exchange {
  return {
    method: (request.method ?? 'GET').toUpperCase(),
    url: readUrl(request, port),
    headers: joinHeaders(request),
    request,
    response,
    readBody: (limitBytes = BODY_LIMIT_BYTES) => readBody(request, limitBytes),
  };
}

export function textReply(status: number, text: string): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text };
}

export function jsonReply(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

export function emptyReply(status: number): Reply {
  return { status, headers: {}, body: '' };
}

export function declaredLength(exchange: Exchange): number {
  return Number(exchange.headers['content-length'] ?? 0);
}

function readUrl(request: IncomingMessage, port: number): URL {
  const target = request.url?.startsWith('/') ? request.url : '/';
  const named = `http://${request.headers.host}${target}`;
  return URL.canParse(named) ? new URL(named) : new URL(target, `http://127.0.0.1:${port}`);
}

function joinHeaders(request: IncomingMessage): Record<string, string> {
  const joined = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(joined);
}

async function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw new BodyTooLarge(limitBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limitBytes) throw new BodyTooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
