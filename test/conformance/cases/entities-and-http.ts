/** Public cases about entities and durable HTTP calls, against a small server. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { df } from '../../local/functions-host/durable/harness/core-module.ts';
import { live, outlined, recorded, withoutName } from '../scenario.ts';
import './shared-functions.ts';

const completed = (output: unknown) => ({ status: 'Completed', output });

const entities = [
  recorded(
    'a call of an entity is sent and answered',
    { ...completed(0), events: ['EventSent#0', 'EventRaised'] },
    () =>
      outlined(function* (context) {
        return yield context.df.callEntity(new df.EntityId('Counter', 'called'), 'get');
      }),
  ),
  recorded('a signal is sent without waiting', { ...completed('sent'), events: ['EventSent#0'] }, () =>
    // biome-ignore lint/correctness/useYield: that there is nothing to wait for is the case
    outlined(function* (context) {
      context.df.signalEntity(new df.EntityId('Counter', 'signalled'), 'add', 1);
      return 'sent';
    }),
  ),
  recorded('yielding what signalEntity returns fails the instance', ['Failed', true], async () => {
    const { status, output } = await live(function* (context) {
      yield context.df.signalEntity(new df.EntityId('Counter', 'yielded'), 'add', 1) as unknown as never;
    });
    return [status, withoutName(output).startsWith("Orchestrator function 'it' failed: Durable Functions programming")];
  }),
];

type Handler = (request: IncomingMessage, response: ServerResponse, base: string) => void;

async function withServer<T>(handle: Handler, use: (base: string) => Promise<T>): Promise<T> {
  let base = '';
  const server = createServer((request, response) => handle(request, response, base));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await use(base);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

interface Answer {
  readonly statusCode: number;
  readonly content: string;
}

/** 202 with the given header at the start, then `finalStatus` under /done. */
function slowService(header: string, finalStatus: number): Handler {
  return (request, response, base) => {
    const isDone = request.url === '/done';
    response.writeHead(isDone ? finalStatus : 202, isDone ? {} : { [header]: `${base}/done`, 'Retry-After': '1' });
    response.end(isDone ? 'done' : 'wait');
  };
}

function callSlow(handler: Handler, options: { readonly passMs: number; readonly polls?: boolean }) {
  return withServer(handler, (url) =>
    live(
      function* (context) {
        const polling = options.polls === undefined ? {} : { enablePolling: options.polls };
        const { statusCode, content } = (yield context.df.callHttp({ method: 'GET', url, ...polling })) as Answer;
        return [statusCode, content];
      },
      undefined,
      (world) => world.advance(options.passMs),
    ),
  );
}

const http = [
  recorded('a GET is made and its answer is the result', completed([200, 'GET /x']), () =>
    withServer(
      (request, response) => response.end(`${request.method} ${request.url}`),
      (base) =>
        live(function* (context) {
          const { statusCode, content } = (yield context.df.callHttp({ method: 'GET', url: `${base}/x` })) as Answer;
          return [statusCode, content];
        }),
    ),
  ),
  recorded('a POST carries body and headers', completed([200, 'POST {"a":1} abc']), () =>
    withServer(
      (request, response) => {
        let body = '';
        request.on('data', (chunk) => {
          body += String(chunk);
        });
        request.on('end', () => response.end(`${request.method} ${body} ${String(request.headers['x-key'])}`));
      },
      (base) =>
        live(function* (context) {
          const options = { method: 'POST', url: base, body: { a: 1 }, headers: { 'x-key': 'abc' } };
          const { statusCode, content } = (yield context.df.callHttp(options)) as Answer;
          return [statusCode, content];
        }),
    ),
  ),
  recorded('202 with Location is polled until it is something else', completed([200, 'done']), () =>
    callSlow(slowService('Location', 200), { passMs: 1_000 }),
  ),
  recorded('a failure after polling is an ordinary result', completed([404, 'done']), () =>
    callSlow(slowService('Location', 404), { passMs: 1_000 }),
  ),
  recorded('header names compare ignoring case', completed([200, 'done']), () =>
    callSlow(slowService('lOcAtIoN', 200), { passMs: 1_000 }),
  ),
  recorded('while the answer is 202 it stays open', { status: 'Running', output: null }, () =>
    callSlow(slowService('Location', 200), { passMs: 900 }),
  ),
  recorded('without polling the 202 is the result', completed([202, 'wait']), () =>
    callSlow(slowService('Location', 200), { passMs: 0, polls: false }),
  ),
  recorded('a request that cannot be made fails the instance', ['Failed', true], async () => {
    const { status, output } = await live(function* (context) {
      yield context.df.callHttp({ method: 'GET', url: 'http://127.0.0.1:1/' });
    });
    return [status, String(output).includes('BuiltIn::HttpActivity')];
  }),
];

export const entityAndHttpCases = [...entities, ...http];
