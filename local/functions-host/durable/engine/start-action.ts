/** Starts one action of the SDK's list and returns the task that the list waits for. */

import { ACTION, type Action, type ActionOf } from './actions.ts';
import { assertUnreachable } from './assert-unreachable.ts';
import { EngineFailure } from './engine-failure.ts';
import { EngineTask, runFlow, whenAll, whenAny } from './engine-task.ts';
import { callEntityFlow, entityNameOf, lockFlow, releaseLock, signalEntity } from './entity-flow.ts';
import { httpFlow } from './http-flow.ts';
import type { ReplayContext } from './replay-context.ts';
import { retryFlow } from './retry-flow.ts';
import { timerFlow } from './timer-flow.ts';

export function startAction(context: ReplayContext, action: Action): EngineTask {
  switch (action.actionType) {
    case ACTION.callActivity:
      return callActivity(context, action);
    case ACTION.callActivityWithRetry:
      return runFlow(retryFlow(context, action.retryOptions, () => callActivity(context, action)));
    case ACTION.callSubOrchestrator:
      return callSubOrchestrator(context, action);
    case ACTION.callSubOrchestratorWithRetry:
      return runFlow(retryFlow(context, action.retryOptions, () => callSubOrchestrator(context, action)));
    case ACTION.continueAsNew:
      context.continueInput = { text: action.input === undefined ? null : JSON.stringify(action.input) };
      return EngineTask.settled();
    case ACTION.createTimer:
      return runFlow(timerFlow(context, Date.parse(action.fireAt), action.isCanceled));
    case ACTION.waitForExternalEvent:
      return context.waitForEvent(action.externalEventName);
    case ACTION.callHttp:
      return runFlow(httpFlow(context, action.httpRequest));
    case ACTION.whenAny:
      return whenAny(action.compoundActions.map((child) => startAction(context, child)));
    case ACTION.whenAll:
      return whenAll(action.compoundActions.map((child) => startAction(context, child)));
    default:
      return startEntityAction(context, action);
  }
}

function startEntityAction(
  context: ReplayContext,
  action:
    | ActionOf<'callEntity'>
    | ActionOf<'signalEntity'>
    | ActionOf<'signalEntityLater'>
    | ActionOf<'lockEntities'>
    | ActionOf<'releaseEntities'>,
): EngineTask {
  switch (action.actionType) {
    case ACTION.callEntity:
      requireFunction(context, 'entity', entityNameOf(action.instanceId));
      return runFlow(callEntityFlow(context, action));
    case ACTION.signalEntity:
    case ACTION.signalEntityLater:
      requireFunction(context, 'entity', entityNameOf(action.instanceId));
      return signalEntity(context, action);
    case ACTION.lockEntities:
      for (const { name } of action.lockSet) requireFunction(context, 'entity', name);
      return runFlow(lockFlow(context, action));
    case ACTION.releaseEntities:
      return releaseLock(context);
    default:
      return assertUnreachable(action);
  }
}

function callActivity(
  context: ReplayContext,
  action: ActionOf<'callActivity'> | ActionOf<'callActivityWithRetry'>,
): EngineTask {
  requireFunction(context, 'activity', action.functionName);
  const input = JSON.stringify([action.input ?? null]);
  return context.schedule({ kind: 'activity', name: action.functionName, input }).task;
}

function callSubOrchestrator(
  context: ReplayContext,
  action: ActionOf<'callSubOrchestrator'> | ActionOf<'callSubOrchestratorWithRetry'>,
): EngineTask {
  requireFunction(context, 'orchestrator', action.functionName);
  const { executionId, defaultVersion } = context.execution;
  const instanceId = action.instanceId || `${executionId}:${context.nextId}`;
  refuseBadChildId(context, instanceId);
  return context.schedule({
    kind: 'subOrchestration',
    name: action.functionName,
    version: action.version ?? defaultVersion,
    instanceId,
    input: action.input === undefined ? null : JSON.stringify(action.input),
  }).task;
}

function refuseBadChildId(context: ReplayContext, instanceId: string): void {
  const { instanceId: own, parentInstanceId } = context.execution;
  if (instanceId.startsWith('@')) {
    throw new EngineFailure(
      `The sub-orchestration id '${instanceId}' starts with '@', which is kept for entities. Choose another id.`,
    );
  }
  if (instanceId === own || instanceId === parentInstanceId) {
    throw new EngineFailure(
      `The sub-orchestration id '${instanceId}' is the id of this orchestration or of its parent. Choose another id.`,
    );
  }
}

/**
 * In Azure an unknown name leaves a Node app's instance running for ever without a trace. Here it fails the instance,
 * in the words that the extension has for the same mistake elsewhere.
 */
function requireFunction(context: ReplayContext, kind: 'activity' | 'orchestrator' | 'entity', name: string): void {
  if (context.catalog.has(kind, name)) return;
  throw new EngineFailure(unknownFunctionText(kind, name, context.catalog.names(kind)));
}

export function unknownFunctionText(kind: string, name: string, known: readonly string[]): string {
  const list = known.map((other) => `'${other}'`).join(', ') || 'none';
  return (
    `The function '${name}' doesn't exist, is disabled, or is not an ${kind} function. ` +
    `Additional info: The following are the known ${kind} functions: ${list}.`
  );
}
