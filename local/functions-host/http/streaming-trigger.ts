/**
 * Runs an HTTP function of an app with `enableHttpStream`: the request itself goes to the library's proxy, the
 * invocation carries only what is known without the body, and the proxy's answer is passed on as it comes.
 *
 * 1. Exactly one answer: the proxied one, 500 when the function fails before it, 204 when the function returns nothing.
 * 2. Route params include the query string and the texts of a small JSON body, as the real host puts them there.
 */
import { randomUUID } from 'node:crypto';
import { type ClientRequest, IncomingMessage, request as startRequest } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RpcTypedData } from '../seams/invocation.ts';
import type { WorkerInvoker } from '../worker/invoker.ts';
import { BODY_LIMIT_BYTES, BodyTooLarge, declaredLength, type Exchange, emptyReply, type Reply } from './exchange.ts';
import { joinRepeated } from './http-trigger.ts';
import type { RouteMatch } from './route-table.ts';

/** Larger JSON bodies are streamed without giving their properties as params. */
const PARSED_BODY_LIMIT_BYTES = 1_048_576;

export async function runStreamedFunction(
  invoker: WorkerInvoker,
  proxyUrl: string,
  match: RouteMatch,
  exchange: Exchange,
): Promise<Reply | undefined> {
  if (declaredLength(exchange) > BODY_LIMIT_BYTES) throw new BodyTooLarge(BODY_LIMIT_BYTES);
  const invocationId = randomUUID();
  const buffered = isSmallJson(exchange) ? await exchange.readBody(PARSED_BODY_LIMIT_BYTES) : undefined;
  const proxied = openProxyRequest(proxyUrl, exchange, invocationId);
  const answered = receiveAnswer(proxied);
  sendBody(exchange, buffered, proxied);
  const outcome = invoker.invoke({
    functionName: match.functionName,
    invocationId,
    trigger: { http: {} },
    triggerMetadata: toTriggerMetadata(exchange, match.values, buffered),
  });
  const early = outcome.then(async (done): Promise<IncomingMessage | Reply> => {
    return done.ok && !done.returnedNothing ? answered : emptyReply(done.ok ? 204 : 500);
  });
  const first = await Promise.race([answered, early]);
  if (!(first instanceof IncomingMessage)) {
    proxied.destroy();
    return first;
  }
  await passOn(first, exchange);
  return undefined;
}

function openProxyRequest(proxyUrl: string, exchange: Exchange, invocationId: string): ClientRequest {
  return startRequest({
    host: '127.0.0.1',
    port: new URL(proxyUrl).port,
    method: exchange.method,
    path: exchange.request.url,
    headers: {
      ...exchange.request.headers,
      'x-ms-invocation-id': invocationId,
      'x-forwarded-host': exchange.url.host,
      'x-forwarded-proto': 'http',
    },
  });
}

function receiveAnswer(proxied: ClientRequest): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    proxied.once('response', resolve);
    proxied.once('error', reject);
  });
  // When the reply is made without the proxy, its request is destroyed and nobody waits for this promise any more.
  answered.catch(() => undefined);
  return answered;
}

/** The caller's connection outlives the proxy request: on a failure the rest of the body is read and dropped. */
function sendBody({ request }: Exchange, buffered: Uint8Array | undefined, proxied: ClientRequest): void {
  if (buffered) {
    proxied.end(buffered);
    return;
  }
  const limited = limitSize();
  limited.once('error', (error) => proxied.destroy(error));
  request.once('close', () => {
    if (!request.complete) proxied.destroy(new Error('The caller has gone.'));
  });
  proxied.once('close', () => {
    request.unpipe(limited);
    request.resume();
  });
  request.pipe(limited).pipe(proxied);
}

function limitSize(): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.byteLength;
      done(size > BODY_LIMIT_BYTES ? new BodyTooLarge(BODY_LIMIT_BYTES) : null, chunk);
    },
  });
}

async function passOn(answer: IncomingMessage, exchange: Exchange): Promise<void> {
  const {
    connection: _connection,
    'transfer-encoding': _encoding,
    'keep-alive': _keepAlive,
    ...headers
  } = answer.headers;
  exchange.response.writeHead(answer.statusCode ?? 500, headers);
  exchange.response.flushHeaders();
  await pipeline(answer, exchange.response);
}

function isSmallJson(exchange: Exchange): boolean {
  const length = declaredLength(exchange);
  return (
    /^application\/json\b/i.test(exchange.headers['content-type'] ?? '') &&
    length > 0 &&
    length <= PARSED_BODY_LIMIT_BYTES
  );
}

function toTriggerMetadata(
  exchange: Exchange,
  values: Readonly<Record<string, string>>,
  body: Uint8Array | undefined,
): Record<string, RpcTypedData> {
  const query = joinRepeated(exchange.url.searchParams).filter(([name]) => name.toLowerCase() !== 'code');
  const params = { ...textProperties(body), ...Object.fromEntries(query), ...values };
  return {
    ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
    Headers: { json: JSON.stringify(exchange.headers) },
    Query: { json: JSON.stringify(Object.fromEntries(query)) },
  };
}

function textProperties(body: Uint8Array | undefined): Record<string, string> {
  if (!body) return {};
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {};
    return Object.fromEntries(Object.entries(parsed).filter(([, value]) => typeof value === 'string'));
  } catch {
    return {};
  }
}
