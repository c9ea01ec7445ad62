/** The lane entity: applies the lane's pure operations to its stored state; a malformed call changes nothing and says so. */
import type { EntityContext, EntityHandler } from 'durable-functions';
import { type LaneCall, laneCallSchema } from '../contracts/lane.ts';
import {
  acquire,
  EMPTY_LANE,
  type LaneState,
  type LaneStep,
  leave,
  post,
  readInbox,
  recordSnapshot,
} from '../domain/lane/lane.ts';

export const lane: EntityHandler<LaneState> = (context: EntityContext<LaneState>) => {
  const parsed = laneCallSchema.safeParse({ operation: context.df.operationName, input: context.df.getInput() });
  if (!parsed.success) {
    context.error(
      `Lane ${context.df.entityKey}: operation ${context.df.operationName} was malformed: ${parsed.error.message}`,
    );
    context.df.return({ kind: 'malformed' });
    return;
  }
  const before = context.df.getState(() => EMPTY_LANE) ?? EMPTY_LANE;
  const { state, result } = applyLaneCall(before, parsed.data as LaneCall);
  context.df.setState(state);
  context.df.return<unknown>(result);
};

function applyLaneCall(state: LaneState, call: LaneCall): LaneStep<unknown> {
  switch (call.operation) {
    case 'acquire':
      return acquire(state, call.input.claim, call.input.nowIso);
    case 'post':
      return post(state, call.input);
    case 'readInbox':
      return readInbox(state, call.input.rolloutId, call.input.cursor, call.input.nowIso);
    case 'recordSnapshot':
      return recordSnapshot(state, call.input.rolloutId, call.input.snapshot);
    case 'leave':
      return leave(state, call.input.id);
  }
}
