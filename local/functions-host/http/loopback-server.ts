/**
 * One HTTP server on 127.0.0.1. It listens at once, so that the port is known (and known to be free) before the app
 * loads, and answers 503 until it is given its handler, as the real host does while it starts.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostLog } from '../seams/host-log.ts';
import { messageOf, StartFailure } from '../seams/start-failure.ts';
import {
  BodyTooLarge,
  createExchange,
  type Exchange,
  type ExchangeHandler,
  type Reply,
  textReply,
} from './exchange.ts';

/** How long a stop waits for requests under way. */
const DRAIN_MS = 5_000;

export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  serve(handler: ExchangeHandler): void;
  /** Refuses new connections, waits a few seconds for the requests under way, then cuts them. */
  stop(): Promise<void>;
}

/** 0 picks a free port. Fails with `port-in-use` when the port is taken. */
export async function openLoopbackServer(port: number, log: HostLog): Promise<LoopbackServer> {
  let handler: ExchangeHandler = async () => ({
    ...textReply(503, 'The host is starting.'),
    headers: { 'retry-after': '1' },
  });
  const server = createServer((request, response) => {
    const exchange = createExchange(request, response, (server.address() as AddressInfo | null)?.port ?? port);
    answer(handler, exchange, log).catch((error: unknown) => {
      log('error', `The answer to ${exchange.method} ${exchange.url.pathname} could not be sent: ${messageOf(error)}.`);
      response.destroy();
    });
  });
  await listen(server, port);
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    serve: (next) => {
      handler = next;
    },
    stop: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE';
      const what = `Port ${port} on 127.0.0.1 ${isTaken ? 'is in use' : `cannot be opened: ${cause.message}`}.`;
      reject(
        new StartFailure(
          'port-in-use',
          what,
          'Stop the other process, or choose another port (--port, or Host.LocalHttpPort in local.settings.json).',
          { cause },
        ),
      );
    });
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

async function answer(handler: ExchangeHandler, exchange: Exchange, log: HostLog): Promise<void> {
  let reply: Reply | undefined;
  try {
    reply = await handler(exchange);
  } catch (error) {
    if (exchange.response.headersSent) throw error;
    reply = failureReply(error, exchange, log);
  }
  if (reply) sendOrFail(exchange, reply, log);
}

/** Headers and status come from the app: what Node does not take is a failure of the function, not a cut connection. */
function sendOrFail(exchange: Exchange, reply: Reply, log: HostLog): void {
  const { response } = exchange;
  try {
    send(exchange, reply);
  } catch (error) {
    if (response.headersSent) throw error;
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    send(exchange, failureReply(error, exchange, log));
  }
}

function failureReply(error: unknown, exchange: Exchange, log: HostLog): Reply {
  // The rest of the body is not read, so the connection cannot serve another request.
  if (error instanceof BodyTooLarge) return { ...textReply(413, error.message), headers: { connection: 'close' } };
  log('error', `${exchange.method} ${exchange.url.pathname} failed in the host: ${messageOf(error)}.`);
  return textReply(500, '');
}

function send(exchange: Exchange, reply: Reply): void {
  const { response } = exchange;
  if (response.destroyed) return;
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers)) setHeader(response, name, value);
  if (reply.status !== 204 && reply.status !== 304) response.setHeader('content-length', body.byteLength);
  response.end(exchange.method === 'HEAD' || reply.status === 204 || reply.status === 304 ? undefined : body);
}

function setHeader(response: ServerResponse, name: string, value: string | readonly string[]): void {
  response.setHeader(name, typeof value === 'string' ? value : [...value]);
}
