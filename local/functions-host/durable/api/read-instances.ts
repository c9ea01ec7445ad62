/** Status of one instance and lists of instances. */
import type { ManagementRequest, ManagementResponse } from '../../seams/durable-host.ts';
import type { TaskHub } from '../dispatch/task-hub.ts';
import { RUNTIME_STATUSES, type RuntimeStatus } from '../store/task-hub-store.ts';
import { historyOutput } from './history-output.ts';
import type { Query } from './request.ts';
import { badArgument, empty, json } from './responses.ts';
import { statusBody, statusCode } from './status-body.ts';

const DEFAULT_TOP = 100;

export async function statusRoute(
  hub: TaskHub,
  request: ManagementRequest,
  query: Query,
  instanceId: string,
): Promise<ManagementResponse> {
  const record = await hub.store.readInstance(instanceId);
  if (!record) return empty(404);
  const showInput = query.flag('showInput', true);
  const showOutput = query.flag('showHistoryOutput', false);
  const history = query.flag('showHistory', false) ? await hub.store.readHistory(instanceId) : undefined;
  const shown = history ? { historyEvents: historyOutput(history.events, { showOutput, showInput }) } : {};
  const status = statusCode(record.status, query.flag('returnInternalServerErrorOnFailure', false));
  const location = `${request.publicBaseUrl}/${request.path}?${request.query.toString()}`;
  const headers = status === 202 ? { location, 'retry-after': '5' } : {};
  return json(status, { ...statusBody(record, showInput), ...shown }, headers);
}

export async function listRoute(hub: TaskHub, request: ManagementRequest, query: Query): Promise<ManagementResponse> {
  const showInput = query.flag('showInput', true);
  const continuation = request.headers['x-ms-continuation-token'];
  const page = await hub.listInstances({
    ...filterOf(query),
    top: Math.max(1, Math.floor(query.number('top') ?? DEFAULT_TOP)),
    ...(continuation ? { continuation: fromToken(continuation) } : {}),
  });
  return json(
    200,
    page.records.map((record) => statusBody(record, showInput)),
    { 'x-ms-continuation-token': page.continuation === undefined ? '' : toToken(page.continuation) },
  );
}

export function filterOf(query: Query) {
  const [createdFromMs, createdToMs] = [query.timeMs('createdTimeFrom'), query.timeMs('createdTimeTo')];
  const [statuses, idPrefix] = [statusesOf(query.text('runtimeStatus')), query.text('instanceIdPrefix')];
  return {
    ...(createdFromMs === undefined ? {} : { createdFromMs }),
    ...(createdToMs === undefined ? {} : { createdToMs }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(idPrefix === undefined ? {} : { idPrefix }),
  };
}

function statusesOf(list: string | undefined): RuntimeStatus[] | undefined {
  return list?.split(',').map((name) => {
    const status = RUNTIME_STATUSES.find((known) => known.toLowerCase() === name.trim().toLowerCase());
    if (!status) throw badArgument(`'${name}' is not a runtime status; known are ${RUNTIME_STATUSES.join(', ')}.`);
    return status;
  });
}

/** Header values are ASCII, instance ids need not be. */
export function toToken(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

export function fromToken(token: string): string {
  return Buffer.from(token, 'base64url').toString('utf8');
}
