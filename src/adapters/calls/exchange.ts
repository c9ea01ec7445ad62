/** Asks a host once, outside any client: no redirect is followed, and both the time and the bytes of the reply are bounded. */
import { onFirstUse } from './first-use.ts';

export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly timeoutMs: number;
  readonly maxReplyBytes: number;
}

export type Reply =
  /** `json` is undefined where the text is none. */
  | { readonly kind: 'answered'; readonly status: number; readonly text: string; readonly json: unknown }
  | { readonly kind: 'too-large'; readonly status: number }
  | { readonly kind: 'late' };

const ALL_STATUSES = new Set([Number.POSITIVE_INFINITY]);

const openPipeline = onFirstUse(async () => {
  const { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } = await import(
    '@azure/core-rest-pipeline'
  );
  return { httpClient: createDefaultHttpClient(), createHttpHeaders, createPipelineRequest };
});

/** Throws when the host cannot be reached. */
export async function exchange(asked: Exchange): Promise<Reply> {
  const pipeline = await openPipeline();
  const signal = AbortSignal.timeout(asked.timeoutMs);
  try {
    return await exchangeOnce(pipeline, asked, signal);
  } catch (error) {
    if (signal.aborted) return { kind: 'late' };
    throw error;
  }
}

async function exchangeOnce(
  { httpClient, createHttpHeaders, createPipelineRequest }: Awaited<ReturnType<typeof openPipeline>>,
  { method, url, headers, body, maxReplyBytes }: Exchange,
  abortSignal: AbortSignal,
): Promise<Reply> {
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  const request = createPipelineRequest({
    url,
    method,
    headers: createHttpHeaders({ ...headers, ...content, accept: 'application/json' }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    abortSignal,
    streamResponseStatusCodes: ALL_STATUSES,
  });
  const { status, readableStreamBody } = await httpClient.sendRequest(request);
  const text = await boundedText(readableStreamBody, maxReplyBytes);
  return text === null ? { kind: 'too-large', status } : { kind: 'answered', status, text, json: jsonOf(text) };
}

/** Null when there is more; leaving the stream early ends the reply. */
async function boundedText(stream: NodeJS.ReadableStream | undefined, maxBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream ?? []) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.byteLength;
    if (bytes > maxBytes) return null;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
