/** Gets JSON once: no redirect is followed, and at most 4 MiB of the reply is read. */
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';

const MAX_REPLY_BYTES = 4 * 1024 * 1024;
const ALL_STATUSES = new Set([Number.POSITIVE_INFINITY]);
const httpClient = createDefaultHttpClient();

export interface GetReply {
  readonly status: number;
  /** Parsed JSON; null where it is none. */
  readonly body: unknown;
}

/** Throws when the host cannot be reached, is late, or says too much. */
export async function getJson(url: string, bearer: string, timeoutMs: number): Promise<GetReply> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await getOnce(url, bearer, signal);
  } catch (error) {
    if (signal.aborted)
      throw new Error(`${new URL(url).host} gave no answer within ${timeoutMs} ms.`, { cause: error });
    throw error;
  }
}

async function getOnce(url: string, bearer: string, abortSignal: AbortSignal): Promise<GetReply> {
  const request = createPipelineRequest({
    url,
    method: 'GET',
    headers: createHttpHeaders({ authorization: `Bearer ${bearer}`, accept: 'application/json' }),
    abortSignal,
    streamResponseStatusCodes: ALL_STATUSES,
  });
  const response = await httpClient.sendRequest(request);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.readableStreamBody ?? []) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.byteLength;
    if (bytes > MAX_REPLY_BYTES) throw new Error(`The reply is larger than ${MAX_REPLY_BYTES} bytes.`);
    chunks.push(buffer);
  }
  return { status: response.status, body: parsed(Buffer.concat(chunks).toString('utf8')) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
