/** Reads the lane's inbox and applies each command in order; approvals are verified by an activity first. */
import type { OrchestrationContext } from 'durable-functions';
import type { NumberedCommand } from '../domain/rollout/command.ts';
import { moveState } from '../domain/rollout/progress.ts';
import { isApproval, type Ruling, ruleOn, ruleOnApproval } from '../domain/rollout/ruling.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import { call, callLane, nowIso, type Steps } from './call.ts';
import { record } from './record.ts';

export function* obeyInbox(ctx: OrchestrationContext, start: RolloutState): Steps<RolloutState> {
  let state = start;
  const commands = yield* callLane(ctx, state.endpoint, 'readInbox', {
    rolloutId: state.rolloutId,
    cursor: state.inboxCursor,
    nowIso: nowIso(ctx),
  });
  for (const posted of commands) {
    const ruling = yield* ruleOnPosted(ctx, state, posted);
    state = { ...(yield* apply(ctx, state, posted, ruling)), inboxCursor: posted.sequence };
  }
  return state;
}

function* ruleOnPosted(ctx: OrchestrationContext, state: RolloutState, posted: NumberedCommand): Steps<Ruling> {
  const { command } = posted;
  if (!isApproval(command)) return ruleOn(state, command, nowIso(ctx));
  const proof = yield* call(ctx, 'verifyApproval', {
    approvalId: command.approvalId,
    answer: command.type,
    token: command.token,
    receivedAtIso: posted.receivedAtIso,
  });
  return ruleOnApproval(state, command, proof);
}

function* apply(
  ctx: OrchestrationContext,
  state: RolloutState,
  posted: NumberedCommand,
  ruling: Ruling,
): Steps<RolloutState> {
  const actor = isApproval(posted.command) ? 'approval link' : posted.command.by;
  switch (ruling.kind) {
    case 'refused':
      return yield* record(ctx, state, { kind: 'command-refused', reason: ruling.reason, actor });
    case 'held': {
      const held = { ...state, ...ruling.patch, note: ruling.reason };
      return yield* record(ctx, held, { kind: 'operator-needed', reason: ruling.reason, actor });
    }
    case 'changed': {
      const changed = { ...state, ...ruling.patch, note: ruling.reason };
      return yield* record(ctx, changed, { kind: 'command-applied', reason: ruling.reason, actor });
    }
    case 'moved': {
      const { to, reason, patch = {} } = ruling.progress;
      const moved = moveState(state, to, reason, patch, nowIso(ctx));
      return yield* record(ctx, moved, { kind: 'phase-changed', from: state.phase, reason, actor });
    }
  }
}
