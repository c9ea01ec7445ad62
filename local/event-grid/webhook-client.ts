/** Sends one request to a subscriber's webhook: bounded in time by the injected clock, without redirects. */
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, request } from 'undici';
import type { Clock } from '../emulator/clock.ts';
import { type AttemptResult, outcomeOf } from './retry-schedule.ts';

/** Event Grid waits this long for an answer. */
const ANSWER_TIMEOUT_MS = 30_000;
/** More than any handshake answer needs. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface WebhookAnswer extends AttemptResult {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface WebhookRequest {
  readonly method: 'POST' | 'OPTIONS';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WebhookClient {
  /** Never rejects: a failure to reach the webhook is an answer without a status. */
  send(request: WebhookRequest): Promise<WebhookAnswer>;
  /** Ends the requests that still run as `Aborted`. */
  close(): Promise<void>;
}

/** `ca` is trusted besides the public roots, so that local TLS endpoints can subscribe. */
export function createWebhookClient(clock: Clock, ca: string | undefined): WebhookClient {
  const agent = new Agent({
    connect: ca === undefined ? {} : { ca: [...rootCertificates, ca] },
    keepAliveTimeout: 1000,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const closing = new AbortController();
  return {
    send: (webhook) => sendOnce(webhook, agent, clock, closing.signal),
    async close() {
      closing.abort();
      await agent.destroy();
    },
  };
}

async function sendOnce(
  webhook: WebhookRequest,
  agent: Agent,
  clock: Clock,
  closing: AbortSignal,
): Promise<WebhookAnswer> {
  const timeout = new AbortController();
  const cancel = clock.after(ANSWER_TIMEOUT_MS, () => timeout.abort());
  try {
    const answer = await request(webhook.url, {
      method: webhook.method,
      headers: webhook.headers,
      body: webhook.body ?? null,
      dispatcher: agent,
      signal: AbortSignal.any([timeout.signal, closing]),
    });
    const { statusCode: status, headers } = answer;
    return { status, outcome: outcomeOf(status), headers, body: await readBounded(answer.body) };
  } catch (error) {
    const outcome = closing.aborted ? 'Aborted' : timeout.signal.aborted ? 'TimedOut' : outcomeOfError(error);
    return { outcome, headers: {}, body: '' };
  } finally {
    cancel();
  }
}

async function readBounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function outcomeOfError(error: unknown): 'ResolutionError' | 'SocketError' {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'ResolutionError' : 'SocketError';
}
