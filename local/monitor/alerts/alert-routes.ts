/** The control plane of alert rules and action groups, as Azure Resource Manager has it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BearerVerifier } from '../../emulator/bearer.ts';
import { type ActionGroup, parseActionGroup } from './action-group.ts';
import type { AlertEngine } from './alert-engine.ts';
import { AlertProblem } from './alert-problem.ts';
import { type AlertRule, parseAlertRule } from './alert-rule.ts';

const AUDIENCES = ['https://management.azure.com'];
const NAME = /^[^*#&+:<>?@%{}\\/|]{1,260}$/;

export interface AlertRouteOptions {
  readonly engine: AlertEngine;
  readonly grainMs: number;
  readonly verifyBearer: BearerVerifier;
}

interface Path {
  readonly sub: string;
  readonly rg: string;
  readonly name: string;
}

/** The two kinds of resources differ in these only. */
interface Kind<T extends { readonly id: string; readonly name: string; readonly body: object }> {
  readonly type: 'metricAlerts' | 'actionGroups';
  readonly parse: (id: string, name: string, body: unknown) => T;
  readonly put: (resource: T) => boolean;
  readonly get: (id: string) => T | undefined;
  readonly list: () => readonly T[];
  readonly remove: (id: string) => boolean;
}

export function registerAlertRoutes(app: FastifyInstance, options: AlertRouteOptions): void {
  const { engine, grainMs } = options;
  register<AlertRule>(app, options, {
    type: 'metricAlerts',
    parse: (id, name, body) => parseAlertRule(id, name, body, grainMs),
    put: (rule) => engine.putRule(rule),
    get: (id) => engine.rule(id),
    list: () => engine.rules(),
    remove: (id) => engine.removeRule(id),
  });
  register<ActionGroup>(app, options, {
    type: 'actionGroups',
    parse: parseActionGroup,
    put: (group) => engine.putGroup(group),
    get: (id) => engine.group(id),
    list: () => engine.groups(),
    remove: (id) => engine.removeGroup(id),
  });
}

function register<T extends { readonly id: string; readonly name: string; readonly body: object }>(
  app: FastifyInstance,
  options: AlertRouteOptions,
  kind: Kind<T>,
): void {
  const render = (resource: T) => ({
    id: resource.id,
    name: resource.name,
    type: `Microsoft.Insights/${kind.type}`,
    ...resource.body,
  });
  const collection = `/subscriptions/:sub/resourceGroups/:rg/providers/Microsoft.Insights/${kind.type}`;
  const handle = (act: (request: FastifyRequest, reply: FastifyReply) => unknown) => guarded(options, act);
  app.get(
    collection,
    handle((_request, reply) => reply.send({ value: kind.list().map(render) })),
  );
  app.put(
    `${collection}/:name`,
    handle((request, reply) => {
      const id = idOf(request, kind.type);
      if (!kind.get(id) && options.engine.isFull()) throw new AlertProblem('There are too many rules and groups here.');
      const resource = kind.parse(id, (request.params as Path).name, request.body);
      return reply.code(kind.put(resource) ? 201 : 200).send(render(resource));
    }),
  );
  app.get(
    `${collection}/:name`,
    handle((request, reply) => {
      const found = kind.get(idOf(request, kind.type));
      if (!found) throw new AlertProblem(`The resource ${request.url} was not found.`, 404, 'ResourceNotFound');
      return reply.send(render(found));
    }),
  );
  app.delete(
    `${collection}/:name`,
    handle((request, reply) => reply.code(kind.remove(idOf(request, kind.type)) ? 200 : 204).send()),
  );
}

function guarded(options: AlertRouteOptions, act: (request: FastifyRequest, reply: FastifyReply) => unknown) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      const bearer = await options.verifyBearer(request.headers.authorization, AUDIENCES);
      if (!bearer.ok) throw new AlertProblem(bearer.reason, 401, 'AuthenticationFailed');
      if (typeof (request.query as Record<string, unknown>)['api-version'] !== 'string') {
        throw new AlertProblem('The query needs api-version.', 400, 'MissingApiVersionParameter');
      }
      return act(request, reply);
    } catch (error) {
      if (!(error instanceof AlertProblem)) throw error;
      return reply.code(error.status).send({ error: { code: error.code, message: error.message } });
    }
  };
}

function idOf(request: FastifyRequest, type: string): string {
  const { sub, rg, name } = request.params as Path;
  if (!NAME.test(name)) throw new AlertProblem('The name holds a character that is not allowed.');
  return `/subscriptions/${sub}/resourceGroups/${rg}/providers/Microsoft.Insights/${type}/${name}`;
}
