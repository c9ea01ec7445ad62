/** Hands requests for the Durable management API to the engine, from the webhook route and from the RPC endpoint. */
import type { DurableHost } from '../seams/durable-host.ts';
import type { HostLog } from '../seams/host-log.ts';
import { StartFailure } from '../seams/start-failure.ts';
import type { Exchange, ExchangeHandler, Reply } from './exchange.ts';
import { emptyReply } from './exchange.ts';
import { type LoopbackServer, openLoopbackServer } from './loopback-server.ts';

export const DURABLE_WEBHOOK_PATH = '/runtime/webhooks/durabletask';
export const RPC_PATH = '/durabletask';
/** The extension's own port; when it is taken, up to nine random ones of 30000-31000 are tried. */
const RPC_PORT = 17_071;
const FALLBACK_TRIES = 9;
const FALLBACK_FIRST_PORT = 30_000;
const FALLBACK_PORTS = 1_001;

/** Undefined when the path does not lie below `basePath` (compared ignoring case). */
export async function answerDurable(
  durable: DurableHost,
  basePath: string,
  exchange: Exchange,
): Promise<Reply | undefined> {
  const { pathname } = exchange.url;
  const rest = pathname.slice(basePath.length);
  if (pathname.slice(0, basePath.length).toLowerCase() !== basePath || (rest !== '' && !rest.startsWith('/'))) {
    return undefined;
  }
  return durable.manage({
    method: exchange.method,
    path: rest.replace(/^\//, ''),
    query: exchange.url.searchParams,
    headers: exchange.headers,
    body: await exchange.readBody(),
    publicBaseUrl: `${exchange.url.origin}${basePath}`,
  });
}

export function createRpcHandler(durable: DurableHost): ExchangeHandler {
  return async (exchange) => (await answerDurable(durable, RPC_PATH, exchange)) ?? emptyReply(404);
}

/** A port that was asked for is the only one tried. */
export async function openRpcServer(
  port: number | undefined,
  log: HostLog,
  random: () => number,
): Promise<LoopbackServer> {
  if (port !== undefined) return openLoopbackServer(port, log);
  const fallbacks = Array.from(
    { length: FALLBACK_TRIES },
    () => FALLBACK_FIRST_PORT + Math.floor(random() * FALLBACK_PORTS),
  );
  for (const candidate of [RPC_PORT, ...fallbacks]) {
    try {
      return await openLoopbackServer(candidate, log);
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      log('debug', `${error.message} Trying another port for the Durable RPC endpoint.`);
    }
  }
  const what = `No port for the Durable RPC endpoint: ${RPC_PORT} and ${FALLBACK_TRIES} others are in use.`;
  throw new StartFailure('port-in-use', what, 'Choose one with --rpc-port.');
}
