/** The HTTPS face of all endpoints: reads a request, answers it, and leaves one row in the traffic log for it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, refused } from './answer.ts';
import type { Endpoint, EndpointTable } from './endpoint.ts';
import { clientRequestId, traceHeaders } from './forwarded-headers.ts';
import { type RouteContext, routeScore } from './score-route.ts';
import { type Arrival, trafficEntry } from './traffic-entry.ts';

export interface ScoringRoutesOptions extends RouteContext {
  readonly endpoints: EndpointTable;
  readonly newRequestId: () => string;
}

interface EndpointParams {
  readonly endpoint: string;
}

/** Routes are `POST /endpoints/<endpoint>/score`; other methods get 405. */
export function installScoringRoutes(app: FastifyInstance, options: ScoringRoutesOptions): void {
  const startedAtMs = new WeakMap<FastifyRequest, number>();
  // In a scope of its own: bodies here are the model's business and stay bytes.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.addHook('onRequest', async (request) => {
      startedAtMs.set(request, options.clock.nowMs());
    });
    const arrivalOf = (request: FastifyRequest) => readArrival(options, request, startedAtMs.get(request));
    scope.setErrorHandler(async (error: { statusCode?: number; message: string }, request, reply) => {
      const status = error.statusCode ?? 500;
      if (status >= 500) options.log(`The router failed: ${error.message}`);
      const answer = refused(status, status === 413 ? 'PayloadTooLarge' : 'RequestFailed', error.message);
      return finish(options, endpointOf(options, request), arrivalOf(request), answer, reply);
    });
    scope.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: '/endpoints/:endpoint/score',
      handler: async (request, reply) => {
        const endpoint = endpointOf(options, request);
        const arrival = arrivalOf(request);
        return finish(options, endpoint, arrival, await answerTo(options, endpoint, arrival, request), reply);
      },
    });
  });
}

function endpointOf(options: ScoringRoutesOptions, request: FastifyRequest): Endpoint | undefined {
  return options.endpoints.get((request.params as EndpointParams).endpoint);
}

function readArrival(options: ScoringRoutesOptions, request: FastifyRequest, startedAtMs: number | undefined): Arrival {
  const nowMs = options.clock.nowMs();
  return {
    startedAtMs: startedAtMs ?? nowMs,
    receivedAtMs: nowMs,
    method: request.method,
    protocol: `HTTP/${request.raw.httpVersion}`,
    userAgent: request.headers['user-agent'] ?? '',
    payloadBytes: Buffer.isBuffer(request.body) ? request.body.byteLength : 0,
    xRequestId: options.newRequestId(),
    xmsClientRequestId: clientRequestId(request.headers['x-ms-client-request-id']),
  };
}

async function answerTo(
  options: ScoringRoutesOptions,
  endpoint: Endpoint | undefined,
  arrival: Arrival,
  request: FastifyRequest,
): Promise<Answer> {
  if (!endpoint) return refused(404, 'NotFound', 'There is no such endpoint here: check the scoring URI.');
  if (request.method !== 'POST') return refused(405, 'MethodNotAllowed', 'Scoring takes POST only.');
  const body = Buffer.isBuffer(request.body) ? request.body : new Uint8Array();
  return routeScore(options, endpoint, { arrival, headers: request.headers, body });
}

/** The row is written when the last byte is out or the caller is gone; requests to unknown endpoints leave none. */
function finish(
  options: ScoringRoutesOptions,
  endpoint: Endpoint | undefined,
  arrival: Arrival,
  answer: Answer,
  reply: FastifyReply,
): FastifyReply {
  const record = () => {
    if (!endpoint) return;
    const end = { atMs: options.clock.nowMs(), mirrored: false };
    options.traffic.record(trafficEntry(endpoint.identity, arrival, answer, end));
  };
  if (reply.raw.destroyed) record();
  else reply.raw.once('close', record);
  return reply
    .code(answer.status)
    .headers({ ...answer.headers, ...traceHeaders(arrival) })
    .send(answer.body);
}
