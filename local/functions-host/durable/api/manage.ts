/** Routes management requests: path and verb to what is to be done (HTTP API of Durable Functions). */
import type { DurableLog, ManagementRequest, ManagementResponse } from '../../seams/durable-host.ts';
import type { TaskHub } from '../dispatch/task-hub.ts';
import { listEntitiesRoute, readEntityRoute, signalEntityRoute } from './entity-routes.ts';
import { purgeManyRoute, purgeOneRoute } from './purge-instances.ts';
import { listRoute, statusRoute } from './read-instances.ts';
import { refuseOtherHub } from './refuse-other-hub.ts';
import { Query } from './request.ts';
import { empty, Refusal, serverError } from './responses.ts';
import { restartRoute } from './restart-instance.ts';
import { rewindRoute } from './rewind-instance.ts';
import { startRoute } from './start-instance.ts';
import { raiseEventRoute, suspensionRoute, terminateRoute } from './steer-instance.ts';

interface Call {
  readonly hub: TaskHub;
  readonly request: ManagementRequest;
  readonly query: Query;
  readonly verb: string;
}

/** Never rejects: what goes wrong is an answer. */
export async function manage(hub: TaskHub, log: DurableLog, request: ManagementRequest): Promise<ManagementResponse> {
  try {
    const [area = '', ...rest] = segments(request.path);
    const call = { hub, request, query: new Query(request.query), verb: request.method.toUpperCase() };
    if (call.verb === 'OPTIONS') return empty(200);
    refuseOtherHub(hub.options, call.query);
    return (await route(call, area.toLowerCase(), rest)) ?? empty(404);
  } catch (error) {
    if (error instanceof Refusal) return error.response;
    log('error', `Management request ${request.method} ${request.path} failed: ${String(error)}`);
    return serverError(String(error));
  }
}

function segments(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => decodeSegment(segment));
}

/** Clients put ids into paths as they are, so a lone percent sign is no reason to refuse. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

type Answer = Promise<ManagementResponse> | undefined;

function route(call: Call, area: string, rest: readonly string[]): Answer {
  if (area === 'orchestrators') return startsRoute(call, rest);
  if (area === 'instances') return rest.length === 0 ? instancesRoute(call) : instanceRoute(call, rest);
  if (area === 'entities') return entitiesRoute(call, rest);
  return undefined;
}

function startsRoute({ hub, request, query, verb }: Call, rest: readonly string[]): Answer {
  const fits = verb === 'POST' && (rest.length === 1 || rest.length === 2);
  return fits ? startRoute(hub, request, query, rest) : undefined;
}

function instancesRoute({ hub, request, query, verb }: Call): Answer {
  if (verb === 'GET') return listRoute(hub, request, query);
  return verb === 'DELETE' ? purgeManyRoute(hub, query) : undefined;
}

function instanceRoute(call: Call, [instanceId = '', operation, eventName]: readonly string[]): Answer {
  const { hub, request, query, verb } = call;
  if (operation === undefined) {
    if (verb === 'GET') return statusRoute(hub, request, query, instanceId);
    return verb === 'DELETE' ? purgeOneRoute(hub, instanceId) : undefined;
  }
  if (verb !== 'POST') return undefined;
  switch (operation.toLowerCase()) {
    case 'raiseevent':
      return eventName === undefined ? undefined : raiseEventRoute(hub, request, instanceId, eventName);
    case 'terminate':
      return terminateRoute(hub, query, instanceId);
    case 'suspend':
      return suspensionRoute(hub, query, instanceId, 'suspend');
    case 'resume':
      return suspensionRoute(hub, query, instanceId, 'resume');
    case 'restart':
      return restartRoute(hub, request, query, instanceId);
    case 'rewind':
      return rewindRoute(hub, query, instanceId);
    default:
      return undefined;
  }
}

function entitiesRoute({ hub, request, query, verb }: Call, [name, key]: readonly string[]): Answer {
  if (name === undefined || key === undefined) {
    return verb === 'GET' ? listEntitiesRoute(hub, request, query, name) : undefined;
  }
  switch (verb) {
    case 'GET':
      return readEntityRoute(hub, name, key);
    case 'POST':
      return signalEntityRoute(hub, request, name, key, query.text('op') ?? '');
    case 'DELETE':
      return signalEntityRoute(hub, request, name, key, 'delete');
    default:
      return undefined;
  }
}
