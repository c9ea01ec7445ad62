/** The data plane of custom topics: `POST /topics/<name>/api/events`, by key, signature or bearer token. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BearerVerifier } from '../emulator/bearer.ts';
import type { Clock } from '../emulator/clock.ts';
import { sameSecret } from '../emulator/same-secret.ts';
import { answerError } from './events/error-answer.ts';
import type { GridEvent } from './events/grid-event.ts';
import { parsePublished } from './events/published-events.ts';
import { publishPath, sasTokenProblem, type Topic } from './events/topic.ts';

export interface PublishRouteOptions {
  readonly topics: readonly Topic[];
  readonly clock: Clock;
  readonly verifyBearer: BearerVerifier;
  readonly accept: (event: GridEvent) => void;
}

const API_VERSION = '2018-01-01';
const AUDIENCE = 'https://eventgrid.azure.net';

/** All events of a request are accepted, or none; success is 200 without a body. */
export function registerPublishRoutes(app: FastifyInstance, options: PublishRouteOptions): void {
  for (const topic of options.topics) {
    app.post(publishPath(topic.name), (request, reply) => publish(request, reply, topic, options));
  }
}

async function publish(
  request: FastifyRequest,
  reply: FastifyReply,
  topic: Topic,
  { clock, verifyBearer, accept }: PublishRouteOptions,
): Promise<FastifyReply> {
  const unauthorized = await accessProblem(request, topic, verifyBearer, clock.nowMs());
  if (unauthorized) return answerError(reply, 401, 'Unauthorized', unauthorized);
  if ((request.query as Record<string, unknown>)['api-version'] !== API_VERSION) {
    return answerError(reply, 400, 'BadRequest', `The api-version must be ${API_VERSION}.`);
  }
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const result = parsePublished(topic, contentType, request.body, clock.nowMs());
  if (!result.ok) {
    return answerError(reply, 400, 'BadRequest', 'The events do not conform to the schema.', result.problems);
  }
  for (const event of result.events) accept(event);
  return reply.code(200).send();
}

async function accessProblem(
  request: FastifyRequest,
  topic: Topic,
  verifyBearer: BearerVerifier,
  nowMs: number,
): Promise<string | undefined> {
  const { 'aeg-sas-key': key, 'aeg-sas-token': token, authorization } = request.headers;
  if (key !== undefined) {
    return topic.keys.some((right) => sameSecret(key, right))
      ? undefined
      : 'The aeg-sas-key is not a key of the topic.';
  }
  if (typeof token === 'string') return sasTokenProblem(token, topic, nowMs);
  const bearer = await verifyBearer(authorization, [AUDIENCE]);
  return bearer.ok ? undefined : `Send aeg-sas-key, aeg-sas-token or a bearer token. ${bearer.reason}`;
}
