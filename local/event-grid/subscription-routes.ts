/**
 * The control plane of event subscriptions: `{scope}/providers/Microsoft.EventGrid/eventSubscriptions[/{name}]`.
 *
 * Source: Azure Event Grid REST reference, Event Subscriptions. A PUT answers 201 at once; its outcome is the
 * `provisioningState` of later GETs, which is how the SDK pollers follow it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BearerVerifier } from '../emulator/bearer.ts';
import { answerError } from './events/error-answer.ts';
import type { EventSchema } from './events/grid-event.ts';
import type { Topic } from './events/topic.ts';
import type { Subscription } from './subscription.ts';
import type { SubscriptionRegistry } from './subscription-registry.ts';
import { subscriptionBodySchema, subscriptionNameSchema } from './subscription-schema.ts';

export interface SubscriptionRouteOptions {
  readonly registry: SubscriptionRegistry;
  readonly verifyBearer: BearerVerifier;
  readonly topics: readonly Topic[];
  /** ARM ids of the resources that raise system events. */
  readonly systemSources: readonly string[];
}

const AUDIENCE = 'https://management.azure.com';
const RESOURCE =
  /^(\/subscriptions\/.+?)\/providers\/Microsoft\.EventGrid\/eventSubscriptions(?:\/([^/]+)(\/getFullUrl)?)?$/i;

interface Target {
  readonly scope: string;
  /** Schema of the events that the scope raises. */
  readonly inputSchema: EventSchema;
  readonly name: string | undefined;
  readonly action: string | undefined;
}

export function registerSubscriptionRoutes(app: FastifyInstance, options: SubscriptionRouteOptions): void {
  app.route({
    method: ['GET', 'PUT', 'DELETE', 'POST'],
    url: '/subscriptions/*',
    handler: (request, reply) => handle(request, reply, options),
  });
  app.get('/eventsubscriptions/:name/validate', async (request, reply) => {
    const code = (request.query as Record<string, unknown>).id;
    const confirmed = typeof code === 'string' && options.registry.confirm(code);
    return confirmed
      ? reply.send('The webhook endpoint was validated.')
      : answerError(reply, 400, 'BadRequest', 'This validation URL is unknown, used, or older than 5 minutes.');
  });
}

async function handle(
  request: FastifyRequest,
  reply: FastifyReply,
  options: SubscriptionRouteOptions,
): Promise<FastifyReply> {
  const bearer = await options.verifyBearer(request.headers.authorization, [AUDIENCE]);
  if (!bearer.ok) return answerError(reply, 401, 'AuthenticationFailed', bearer.reason);
  if (typeof (request.query as Record<string, unknown>)['api-version'] !== 'string') {
    return answerError(reply, 400, 'MissingApiVersionParameter', 'The query needs api-version.');
  }
  const target = targetOf(request, options);
  if (!target) {
    return answerError(reply, 404, 'ResourceNotFound', 'No event subscription can be there: the scope is unknown.');
  }
  return route(request, reply, target, options.registry);
}

function targetOf(request: FastifyRequest, options: SubscriptionRouteOptions): Target | undefined {
  const path = decodeURIComponent(request.url.split('?')[0] ?? '')
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '');
  const [, scope, name, action] = RESOURCE.exec(path) ?? [];
  if (scope === undefined) return undefined;
  const named = (id: string) => id.toLowerCase() === scope.toLowerCase();
  const topic = options.topics.find(({ id }) => named(id));
  const known = topic?.id ?? options.systemSources.find(named);
  if (known === undefined) return undefined;
  return { scope: known, inputSchema: topic?.inputSchema ?? 'EventGridSchema', name, action };
}

function route(
  request: FastifyRequest,
  reply: FastifyReply,
  target: Target,
  registry: SubscriptionRegistry,
): FastifyReply {
  const { method } = request;
  const { scope, name, action } = target;
  if (name === undefined) {
    return method === 'GET' ? reply.send({ value: registry.list(scope).map(render) }) : notAllowed(reply, method);
  }
  if (method === 'PUT' && !action) return put(request, reply, target, name, registry);
  if (method === 'DELETE' && !action) return reply.code(registry.remove(scope, name) ? 200 : 204).send();
  const subscription = registry.get(scope, name);
  if (!subscription) return answerError(reply, 404, 'ResourceNotFound', `There is no event subscription ${name}.`);
  if (method === 'GET' && !action) return reply.send(render(subscription));
  if (method === 'POST' && action) {
    return reply.send({ endpointUrl: subscription.properties.destination.properties.endpointUrl });
  }
  return notAllowed(reply, method);
}

function put(
  request: FastifyRequest,
  reply: FastifyReply,
  { scope, inputSchema }: Target,
  name: string,
  registry: SubscriptionRegistry,
): FastifyReply {
  const parsedName = subscriptionNameSchema.safeParse(name);
  const parsedBody = subscriptionBodySchema.safeParse(request.body);
  const issues = [...(parsedName.error?.issues ?? []), ...(parsedBody.error?.issues ?? [])];
  if (!parsedBody.success || issues.length > 0) {
    const problems = issues.map(({ path, message }) => `${path.join('.') || 'name'}: ${message}`);
    return answerError(
      reply,
      400,
      'InvalidRequest',
      `The event subscription is not valid. ${problems.join(' ')}`,
      problems,
    );
  }
  if (inputSchema === 'CloudEventSchemaV1_0' && parsedBody.data.properties.eventDeliverySchema !== inputSchema) {
    return answerError(
      reply,
      400,
      'InvalidRequest',
      'Events of a CloudEvents topic can be delivered as CloudEvents only.',
    );
  }
  const subscription = registry.put(scope, name, parsedBody.data.properties);
  return reply.code(201).send(render(subscription));
}

function notAllowed(reply: FastifyReply, method: string): FastifyReply {
  return answerError(reply, 405, 'MethodNotAllowed', `${method} is not defined here.`);
}

/** The query of a webhook URL may hold a secret: only its base is shown, as in Azure. */
function render(subscription: Subscription): Record<string, unknown> {
  const { destination, ...properties } = subscription.properties;
  const { endpointUrl, ...webhook } = destination.properties;
  return {
    id: subscription.id,
    name: subscription.name,
    type: 'Microsoft.EventGrid/eventSubscriptions',
    properties: {
      topic: subscription.scope,
      provisioningState: subscription.provisioningState,
      destination: {
        endpointType: destination.endpointType,
        properties: { ...webhook, endpointBaseUrl: endpointUrl.split('?')[0] },
      },
      ...properties,
    },
  };
}
