/** Answers of an entity to the orchestrations that called or locked it. */
import { entityInstanceId } from '../engine/entity-flow.ts';
import { wireTime } from '../engine/wire-time.ts';
import type { MessageDraft } from '../turn/turn-plan.ts';
import type { EntityRequest } from './entity-state.ts';

/** Only the presence of `exceptionType` makes the answer a failure for the SDK. */
export function entityReply(
  request: EntityRequest,
  result: { readonly isError: boolean; readonly result?: string | null | undefined },
  nowMs: number,
): MessageDraft {
  const content = { result: result.result ?? null, ...(result.isError ? { exceptionType: 'Error' } : {}) };
  return answer(request, JSON.stringify(content), nowMs);
}

/** Passes a granted lock request on to the next entity of the set, or tells its owner when this was the last. */
export function forwardLock(request: EntityRequest, nowMs: number): MessageDraft {
  const position = (request.pos ?? 0) + 1;
  const next = request.lockset?.[position];
  if (!next) return answer(request, JSON.stringify({ result: null }), nowMs);
  return {
    kind: 'event',
    id: `l.${request.id}.${position}`,
    instanceId: entityInstanceId(next.name, next.key),
    executionId: null,
    dueMs: nowMs,
    event: raised('op', JSON.stringify({ ...request, pos: position }), nowMs),
  };
}

function answer(request: EntityRequest, input: string, nowMs: number): MessageDraft {
  return {
    kind: 'event',
    id: `r.${request.id}`,
    instanceId: request.parent ?? '',
    executionId: request.parentExecution ?? null,
    dueMs: nowMs,
    event: raised(request.id, input, nowMs),
  };
}

function raised(Name: string, Input: string, nowMs: number) {
  return { EventType: 'EventRaised', EventId: -1, Timestamp: wireTime(nowMs), Name, Input } as const;
}
