/** Runs an HTTP function whose request and answer travel as whole messages. */
import type { RpcTypedData } from '../seams/invocation.ts';
import type { WorkerInvoker } from '../worker/invoker.ts';
import { type Exchange, emptyReply, type Reply } from './exchange.ts';
import type { RouteMatch } from './route-table.ts';
import { toReply } from './rpc-reply.ts';

/** A failing function is answered with an empty 500, as outside a development environment. */
export async function runHttpFunction(invoker: WorkerInvoker, match: RouteMatch, exchange: Exchange): Promise<Reply> {
  const trigger = await toTriggerData(exchange, match.values);
  const outcome = await invoker.invoke({ functionName: match.functionName, trigger });
  return outcome.ok ? toReply(outcome.returnValue) : emptyReply(500);
}

async function toTriggerData(exchange: Exchange, values: Readonly<Record<string, string>>): Promise<RpcTypedData> {
  const body = await exchange.readBody();
  return {
    http: {
      method: exchange.method,
      url: exchange.url.href,
      nullableHeaders: toNullable(Object.entries(exchange.headers).filter(([, value]) => value !== '')),
      nullableQuery: toNullable(joinRepeated(exchange.url.searchParams)),
      nullableParams: toNullable(Object.entries(values)),
      ...(body.byteLength > 0 ? { body: { bytes: body } } : {}),
    },
  };
}

function toNullable(entries: Iterable<readonly [string, string]>): Record<string, { value: string }> {
  return Object.fromEntries([...entries].map(([name, value]) => [name, { value }]));
}

/** Repeated query names arrive as one text joined by commas. */
export function joinRepeated(query: URLSearchParams): readonly (readonly [string, string])[] {
  return [...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')] as const);
}
