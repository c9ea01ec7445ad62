/** Posts JSON once: no redirect is followed, at most 1 MiB of the reply is read, and a late reply counts as status 408. */
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';

const MAX_REPLY_BYTES = 1024 * 1024;
const ALL_STATUSES = new Set([Number.POSITIVE_INFINITY]);
const httpClient = createDefaultHttpClient();

export interface PostReply {
  readonly status: number;
  readonly body: unknown;
}

/** Throws when the host cannot be reached. */
export async function postJson(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: unknown,
  timeoutMs: number,
): Promise<PostReply> {
  const signal = AbortSignal.timeout(timeoutMs);
  const request = createPipelineRequest({
    url: url.href,
    method: 'POST',
    headers: createHttpHeaders({ ...headers, 'content-type': 'application/json', accept: 'application/json' }),
    body: JSON.stringify(body),
    abortSignal: signal,
    streamResponseStatusCodes: ALL_STATUSES,
  });
  try {
    const response = await httpClient.sendRequest(request);
    return { status: response.status, body: parsed(await boundedText(response.readableStreamBody)) };
  } catch (error) {
    if (signal.aborted) return { status: 408, body: `No answer within ${timeoutMs} ms.` };
    throw error;
  }
}

async function boundedText(stream: NodeJS.ReadableStream | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream ?? []) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.byteLength;
    if (bytes > MAX_REPLY_BYTES) return `The reply is larger than ${MAX_REPLY_BYTES} bytes.`;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
