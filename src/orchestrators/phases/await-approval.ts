/** `awaiting-approval`: asks a person once, goes on judging what is live, and rolls back when nobody answers in time. */
import type { OrchestrationContext } from 'durable-functions';
import { weightOf } from '../../domain/rollout/plan.ts';
import { type Progress, rollBack, stay } from '../../domain/rollout/progress.ts';
import type { PendingApproval, RolloutState } from '../../domain/rollout/state.ts';
import { call, nowIso, type Steps } from '../call.ts';
import { watch } from './judge-traffic.ts';

const MAX_WAIT_SECONDS = 24 * 3600;

export function* awaitApproval(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const { approval } = state;
  if (approval === null) return yield* ask(ctx, state);
  const leftSeconds = (Date.parse(approval.deadlineIso) - ctx.df.currentUtcDateTime.getTime()) / 1000;
  if (leftSeconds <= 0) {
    const reason = `Nobody approved ${approval.weight} % until ${approval.deadlineIso}.`;
    return rollBack('approval-expired', reason, {}, { approval: null });
  }
  const waitSeconds = Math.min(leftSeconds, MAX_WAIT_SECONDS);
  const compared = state.snapshot?.blue != null && state.trafficSinceIso !== null;
  if (!compared) return stay(noteOf(approval), waitSeconds);
  const looked = yield* watch(ctx, state);
  return looked.kind === 'stay'
    ? { ...looked, note: noteOf(approval), waitSeconds: Math.min(looked.waitSeconds, leftSeconds) }
    : looked;
}

function* ask(ctx: OrchestrationContext, state: RolloutState): Steps<Progress> {
  const weight = weightOf(state.policy, state.stepIndex);
  const timeoutSeconds = state.policy.approval?.timeoutSeconds ?? 0;
  const deadline = new Date(ctx.df.currentUtcDateTime.getTime() + timeoutSeconds * 1000);
  const approval: PendingApproval = {
    approvalId: `${state.rolloutId}.w${weight}`,
    weight,
    deadlineIso: deadline.toISOString(),
  };
  yield* call(ctx, 'requestApproval', {
    endpoint: state.endpoint,
    model: state.model,
    version: state.version,
    rolloutId: state.rolloutId,
    ...approval,
    situation: state.note,
    nowIso: nowIso(ctx),
  });
  return stay(noteOf(approval), 1, { approval });
}

function noteOf(approval: PendingApproval): string {
  return `Waiting for a person to approve ${approval.weight} % until ${approval.deadlineIso}.`;
}
