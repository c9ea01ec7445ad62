/** Reads, lists and signals entities. */
import type { ManagementRequest, ManagementResponse } from '../../seams/durable-host.ts';
import type { TaskHub } from '../dispatch/task-hub.ts';
import { entityInstanceId, entityNameOf } from '../engine/entity-flow.ts';
import { unknownFunctionText } from '../engine/start-action.ts';
import { wireTime } from '../engine/wire-time.ts';
import { type EntityState, parseEntityState } from '../entities/entity-state.ts';
import { CorruptRecord, type InstanceRecord } from '../store/task-hub-store.ts';
import { fromToken, toToken } from './read-instances.ts';
import { bodyText, type Query } from './request.ts';
import { badArgument, empty, json } from './responses.ts';
import { parsedOrText, wholeSeconds } from './status-body.ts';

const DEFAULT_TOP = 100;

export async function readEntityRoute(hub: TaskHub, name: string, key: string): Promise<ManagementResponse> {
  const record = await hub.store.readInstance(entityId(name, key));
  const entity = record && entityOf(record);
  return entity?.exists ? json(200, parsedOrText(entity.state)) : empty(404);
}

export async function listEntitiesRoute(
  hub: TaskHub,
  request: ManagementRequest,
  query: Query,
  name: string | undefined,
): Promise<ManagementResponse> {
  const continuation = request.headers['x-ms-continuation-token'];
  const page = await hub.listInstances({
    idPrefix: name ? `@${name.toLowerCase()}@` : '@',
    top: Math.max(1, Math.floor(query.number('top') ?? DEFAULT_TOP)),
    ...(continuation ? { continuation: fromToken(continuation) } : {}),
  });
  const [fromMs, toMs] = [query.timeMs('lastOperationTimeFrom') ?? 0, query.timeMs('lastOperationTimeTo') ?? Infinity];
  const listed = page.records
    .filter(({ lastUpdatedMs }) => lastUpdatedMs >= fromMs && lastUpdatedMs <= toMs)
    .flatMap((record) => entityEntry(hub, record, query.flag('fetchState', false)));
  const next = page.continuation === undefined ? '' : toToken(page.continuation);
  return json(200, listed, { 'x-ms-continuation-token': next });
}

function entityOf(record: InstanceRecord): EntityState {
  try {
    return parseEntityState(record.input);
  } catch (error) {
    const remedy = 'Purge the entity, or repair the row.';
    throw new CorruptRecord(
      `The Instances row of '${record.instanceId}' is corrupt: its Input is no entity state (${String(error)}). ${remedy}`,
    );
  }
}

/** One row that cannot be read must not hide the others. */
function entityOrReport(hub: TaskHub, record: InstanceRecord): EntityState | undefined {
  try {
    return entityOf(record);
  } catch (error) {
    if (!(error instanceof CorruptRecord)) throw error;
    hub.reportLeftOut(error.message);
    return undefined;
  }
}

function entityEntry(hub: TaskHub, record: InstanceRecord, fetchState: boolean) {
  const entity = entityOrReport(hub, record);
  if (!entity?.exists) return [];
  const name = entityNameOf(record.instanceId);
  const entityId = { name, key: record.instanceId.slice(name.length + 2) };
  const state = fetchState ? { state: parsedOrText(entity.state) } : {};
  return [{ entityId, lastOperationTime: wholeSeconds(record.lastUpdatedMs), ...state }];
}

/** The body is the operation's input: JSON, or else a text. */
export async function signalEntityRoute(
  hub: TaskHub,
  request: ManagementRequest,
  name: string,
  key: string,
  operation: string,
): Promise<ManagementResponse> {
  if (!hub.registry.has('entity', name)) {
    throw badArgument(unknownFunctionText('entity', name, hub.registry.names('entity')));
  }
  const id = hub.newId();
  const content = { op: operation, signal: true, ...inputOf(request), id };
  const nowMs = hub.clock.nowMs();
  await hub.post({
    kind: 'event',
    id: `x.${id}`,
    instanceId: entityId(name, key),
    executionId: null,
    dueMs: nowMs,
    event: {
      EventType: 'EventRaised',
      EventId: -1,
      Timestamp: wireTime(nowMs),
      Name: 'op',
      Input: JSON.stringify(content),
    },
  });
  return empty(202);
}

function inputOf(request: ManagementRequest): { input?: string } {
  const text = bodyText(request);
  if (text === '') return {};
  try {
    JSON.parse(text);
    return { input: text };
  } catch {
    return { input: JSON.stringify(text) };
  }
}

/** In addresses `$` stands for the empty key. */
function entityId(name: string, key: string): string {
  return entityInstanceId(name, key === '$' ? '' : key);
}
