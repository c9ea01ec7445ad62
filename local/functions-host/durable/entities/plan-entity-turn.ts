/** One turn of an entity: requests in, the app's entity function asked, new state and replies out. Writes nothing. */
import type { FunctionInvoker } from '../../seams/invocation.ts';
import { deterministicHexId } from '../engine/deterministic-guid.ts';
import { entityInstanceId, entityNameOf } from '../engine/entity-flow.ts';
import type { HistoryEvent } from '../engine/history-event.ts';
import { unknownFunctionText } from '../engine/start-action.ts';
import { wireTime } from '../engine/wire-time.ts';
import type { FunctionRegistry } from '../seams/function-registry.ts';
import type { EventMessage } from '../store/message.ts';
import type { MessageDraft, TurnPlan } from '../turn/turn-plan.ts';
import { entityReply, forwardLock } from './entity-replies.ts';
import { scheduleRequests } from './entity-schedule.ts';
import {
  type EntityRequest,
  type EntityState,
  entityStateText,
  entityStatusJson,
  parseEntityMessage,
} from './entity-state.ts';
import { type EntityAnswer, type EntityBatch, failedBatch, runOperations } from './run-operations.ts';

export interface EntityTurnTools {
  readonly invoker: FunctionInvoker;
  readonly registry: FunctionRegistry;
  readonly maxOperationBatchSize: number;
}

export interface EntityTurn {
  readonly instanceId: string;
  readonly turn: number;
  readonly nowMs: number;
  readonly state: EntityState;
  readonly createdMs: number;
  readonly accepted: readonly EventMessage[];
}

export async function planEntityTurn(tools: EntityTurnTools, turn: EntityTurn): Promise<TurnPlan> {
  const schedule = scheduleRequests(turn.state.queue, turn.state.lockedBy, newsOf(turn.accepted));
  const served = await serve(tools, turn, schedule.operations);
  const next: EntityState = { ...served.state, queue: schedule.queue, lockedBy: schedule.lockedBy };
  const locks = schedule.grantedLocks.map((request) => forwardLock(request, turn.nowMs));
  return assemble(turn, next, [...served.messages, ...locks]);
}

function newsOf(accepted: readonly EventMessage[]) {
  return accepted.flatMap(({ event }) => {
    const message = event.EventType === 'EventRaised' ? parseEntityMessage(event.Name, event.Input) : undefined;
    return message ? [message] : [];
  });
}

interface Served {
  readonly state: EntityState;
  readonly messages: readonly MessageDraft[];
}

async function serve(tools: EntityTurnTools, turn: EntityTurn, operations: readonly EntityRequest[]): Promise<Served> {
  let state = turn.state;
  const messages: MessageDraft[] = [];
  for (let from = 0; from < operations.length; from += tools.maxOperationBatchSize) {
    const batch = batchOf(turn, state, operations.slice(from, from + tools.maxOperationBatchSize));
    const answer = await ask(tools, batch);
    state = { ...state, exists: answer.entityExists, state: answer.entityExists ? (answer.entityState ?? null) : null };
    messages.push(...replies(turn, batch, answer), ...signals(turn, answer, from));
  }
  return { state, messages };
}

function batchOf(turn: EntityTurn, state: EntityState, operations: readonly EntityRequest[]): EntityBatch {
  const name = entityNameOf(turn.instanceId);
  const entity = { name, key: turn.instanceId.slice(name.length + 2) };
  return { functionName: name, entity, exists: state.exists, state: state.state, operations };
}

async function ask(tools: EntityTurnTools, batch: EntityBatch): Promise<EntityAnswer> {
  const functionName = tools.registry.find('entity', batch.functionName);
  if (functionName !== undefined) return runOperations(tools.invoker, { ...batch, functionName });
  return failedBatch(batch, unknownFunctionText('entity', batch.functionName, tools.registry.names('entity')));
}

function replies(turn: EntityTurn, batch: EntityBatch, answer: EntityAnswer): MessageDraft[] {
  return batch.operations.flatMap((request, index) => {
    const result = answer.results[index] ?? { isError: true, result: JSON.stringify('The entity gave no result.') };
    return request.signal === true || !request.parent ? [] : [entityReply(request, result, turn.nowMs)];
  });
}

function signals(turn: EntityTurn, answer: EntityAnswer, offset: number): MessageDraft[] {
  return answer.signals.map((signal, index) => {
    const id = deterministicHexId(turn.instanceId, turn.turn, offset, index);
    const content = { op: signal.name, signal: true, input: signal.input || undefined, id, parent: turn.instanceId };
    return {
      kind: 'event',
      id: `g.${id}`,
      instanceId: entityInstanceId(signal.target.name, signal.target.key),
      executionId: null,
      dueMs: turn.nowMs,
      event: {
        EventType: 'EventRaised',
        EventId: -1,
        Timestamp: wireTime(turn.nowMs),
        Name: 'op',
        Input: JSON.stringify(content),
      },
    };
  });
}

/** Each batch is an execution of its own whose input is the state, as continue-as-new leaves it. */
function assemble(turn: EntityTurn, state: EntityState, messages: readonly MessageDraft[]): TurnPlan {
  const { instanceId, nowMs } = turn;
  const executionId = deterministicHexId(instanceId, turn.turn);
  const name = `@${entityNameOf(instanceId)}`;
  const input = entityStateText(state);
  const base = { EventId: -1, Timestamp: wireTime(nowMs) };
  const events: HistoryEvent[] = [
    { ...base, EventType: 'OrchestratorStarted' },
    {
      ...base,
      Timestamp: wireTime(turn.createdMs),
      EventType: 'ExecutionStarted',
      Name: name,
      Version: null,
      Input: input,
      OrchestrationInstance: { InstanceId: instanceId, ExecutionId: executionId },
      ParentInstance: null,
      Tags: null,
    },
    { ...base, EventType: 'OrchestratorCompleted' },
  ];
  const times = { createdMs: turn.createdMs, lastUpdatedMs: nowMs, completedMs: null };
  const customStatus = entityStatusJson(state);
  const texts = { name, version: null, input, output: null, customStatus };
  const put = { instanceId, executionId, status: 'Running', ...texts, ...times } as const;
  return { executionId, from: 0, events, status: 'Running', customStatus, messages, record: { put } };
}
