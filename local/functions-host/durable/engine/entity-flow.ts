/** Messages to entities: calls, signals, locks and their release (message names and contents as the extension writes them). */
import { ACTION, type ActionOf } from './actions.ts';
import { DONE, EngineTask, type Flow, type Settlement } from './engine-task.ts';
import type { ReplayContext } from './replay-context.ts';

/** `@<lower-cased name>@<key>`. */
export function entityInstanceId(name: string, key: string): string {
  return `@${name.toLowerCase()}@${key}`;
}

/** Name part of an entity's instance id. */
export function entityNameOf(instanceId: string): string {
  return instanceId.slice(1, instanceId.indexOf('@', 1));
}

/** Sends the operation, then waits for the event that bears the request's id. */
export function* callEntityFlow(context: ReplayContext, action: ActionOf<'callEntity'>): Flow {
  const requestId = context.guidForNextId();
  sendOperation(context, action, requestId);
  return yield context.waitForEvent(requestId);
}

export function signalEntity(
  context: ReplayContext,
  action: ActionOf<'signalEntity'> | ActionOf<'signalEntityLater'>,
): EngineTask {
  sendOperation(context, action, context.guidForNextId());
  return EngineTask.settled();
}

function sendOperation(
  context: ReplayContext,
  action: ActionOf<'callEntity'> | ActionOf<'signalEntity'> | ActionOf<'signalEntityLater'>,
  requestId: string,
) {
  const dueMs = action.actionType === ACTION.signalEntityLater ? Date.parse(action.fireAt) : undefined;
  const content = {
    op: action.operation,
    ...(action.actionType === ACTION.callEntity ? {} : { signal: true }),
    ...(action.input === undefined ? {} : { input: JSON.stringify(action.input) }),
    id: requestId,
    parent: context.execution.instanceId,
    parentExecution: context.execution.executionId,
  };
  const instanceId = normalizedTarget(action.instanceId);
  context.send({
    kind: 'event',
    instanceId,
    name: dueMs === undefined ? 'op' : `op@${new Date(dueMs).toISOString()}`,
    input: JSON.stringify(content),
    ...(dueMs === undefined ? {} : { dueMs }),
  });
}

function normalizedTarget(instanceId: string): string {
  const separator = instanceId.indexOf('@', 1);
  return entityInstanceId(instanceId.slice(1, separator), instanceId.slice(separator + 1));
}

/** Asks the first entity of the sorted set; each entity passes the request on, the last one answers. */
export function* lockFlow(context: ReplayContext, action: ActionOf<'lockEntities'>): Flow {
  const requestId = context.guidForNextId();
  const first = action.lockSet[0];
  if (!first) return DONE;
  const entityIds = action.lockSet.map(({ name, key }) => entityInstanceId(name, key));
  context.send({
    kind: 'event',
    instanceId: entityInstanceId(first.name, first.key),
    name: 'op',
    input: JSON.stringify({
      id: requestId,
      parent: context.execution.instanceId,
      parentExecution: context.execution.executionId,
      lockset: action.lockSet.map(({ name, key }) => ({ name: name.toLowerCase(), key })),
      pos: 0,
    }),
  });
  const answer: Settlement = yield context.waitForEvent(requestId);
  context.heldLock = { requestId, entityIds };
  return answer;
}

/** One message per locked entity; nothing when no lock is held. */
export function releaseLock(context: ReplayContext): EngineTask {
  const lock = context.heldLock;
  context.heldLock = undefined;
  for (const instanceId of lock?.entityIds ?? []) {
    context.send({
      kind: 'event',
      instanceId,
      name: 'release',
      input: JSON.stringify({ parent: context.execution.instanceId, id: lock?.requestId }),
    });
  }
  return EngineTask.settled();
}
