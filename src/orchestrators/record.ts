/** Writes the audit records of a rollout, each with the next number. */
import type { OrchestrationContext } from 'durable-functions';
import type { RolloutRecord } from '../domain/audit/record.ts';
import { intendedSplit } from '../domain/rollout/plan.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import { call, nowIso, type Steps } from './call.ts';

type Said = Pick<RolloutRecord, 'kind' | 'reason' | 'actor'> & Partial<Pick<RolloutRecord, 'from' | 'decision'>>;

/** Records what happened in `state`, and returns the state with the next sequence number. */
export function* record(ctx: OrchestrationContext, state: RolloutState, said: Said): Steps<RolloutState> {
  const record: RolloutRecord = {
    rolloutId: state.rolloutId,
    sequence: state.auditSequence,
    atIso: nowIso(ctx),
    endpoint: state.endpoint,
    model: state.model,
    version: state.version,
    attempt: state.attempt,
    green: state.green,
    from: said.from ?? null,
    phase: state.phase,
    split: intendedSplit(state),
    decision: said.decision ?? null,
    evidence: state.evidence,
    code: state.rollback?.code ?? null,
    failedMetrics: state.rollback?.failedMetrics ?? [],
    ...said,
  };
  yield* call(ctx, 'recordAudit', { record });
  return { ...state, auditSequence: state.auditSequence + 1 };
}
