/** The custom status of a rollout: what an operator sees, never over 4 kB. */
import { intendedSplit } from './plan.ts';
import type { RolloutState } from './state.ts';
import type { TrafficSplit } from './traffic-split.ts';

const MAX_STATUS_BYTES = 4096;
const MAX_TEXT = 500;

export interface RolloutStatus {
  readonly endpoint: string;
  readonly model: string;
  readonly version: string;
  readonly attempt: number;
  readonly phase: RolloutState['phase'];
  readonly stepIndex: number;
  readonly phaseSinceIso: string;
  readonly note: string;
  readonly green: string;
  readonly blue: string | null;
  readonly intended: TrafficSplit | null;
  readonly paused: RolloutState['paused'];
  readonly approval: RolloutState['approval'];
  readonly rollback: RolloutState['rollback'];
  readonly evidence: string | null;
}

/** Long texts are cut; if names alone are too long, everything that is not needed to find the rollout is left out. */
export function statusOf(state: RolloutState): RolloutStatus {
  const status: RolloutStatus = {
    endpoint: state.endpoint,
    model: state.model,
    version: state.version,
    attempt: state.attempt,
    phase: state.phase,
    stepIndex: state.stepIndex,
    phaseSinceIso: state.phaseSinceIso,
    note: cut(state.note),
    green: state.green,
    blue: state.snapshot?.blue ?? null,
    intended: intendedSplit(state),
    paused: state.paused && { ...state.paused, by: cut(state.paused.by), reason: cut(state.paused.reason) },
    approval: state.approval,
    rollback: state.rollback && {
      ...state.rollback,
      reason: cut(state.rollback.reason),
      actor: cutOrNull(state.rollback.actor),
    },
    evidence: state.evidence,
  };
  if (byteLength(JSON.stringify(status)) <= MAX_STATUS_BYTES) return status;
  return { ...status, intended: null, paused: null, approval: null, rollback: null, evidence: null };
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}

function cutOrNull(text: string | null): string | null {
  return text === null ? null : cut(text);
}

/** The status is stored as UTF-16. */
function byteLength(text: string): number {
  return text.length * 2;
}
