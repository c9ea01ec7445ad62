/** Decides which part of the host answers a request: its own routes first, then the app's. */

import { type AdminApiOptions, answerAdmin } from './http/admin-api.ts';
import { answerDurable, DURABLE_WEBHOOK_PATH } from './http/durable-api.ts';
import { type ExchangeHandler, emptyReply, textReply } from './http/exchange.ts';
import { runHttpFunction } from './http/http-trigger.ts';
import { findRoute, type HttpRoute } from './http/route-table.ts';
import { runStreamedFunction } from './http/streaming-trigger.ts';
import type { DurableHost } from './seams/durable-host.ts';
import { answerEventGrid, EVENT_GRID_PATH } from './triggers/event-grid-webhook.ts';
import type { WorkerInvoker } from './worker/invoker.ts';

export interface HostRouterOptions {
  readonly routes: readonly HttpRoute[];
  readonly invoker: WorkerInvoker;
  readonly admin: AdminApiOptions;
  readonly durable: DurableHost | undefined;
  readonly httpProxyUrl: string | undefined;
}

export function createHostRouter(options: HostRouterOptions): ExchangeHandler {
  const { routes, invoker, admin, durable, httpProxyUrl } = options;
  return async (exchange) => {
    const path = exchange.url.pathname.toLowerCase();
    if (path.startsWith('/admin/')) return (await answerAdmin(admin, exchange)) ?? emptyReply(404);
    if (path.replace(/\/$/, '') === EVENT_GRID_PATH) return answerEventGrid(invoker, exchange);
    const managed = durable && (await answerDurable(durable, DURABLE_WEBHOOK_PATH, exchange));
    if (managed) return managed;
    const match = findRoute(routes, exchange.method, exchange.url.pathname);
    if (match && httpProxyUrl) return runStreamedFunction(invoker, httpProxyUrl, match, exchange);
    if (match) return runHttpFunction(invoker, match, exchange);
    return path === '/' ? textReply(200, 'The Functions host is running.') : emptyReply(404);
  };
}
