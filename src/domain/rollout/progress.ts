/** What one tick of a phase concludes, and how it changes the rollout's state. */
import type { DecisionKind } from '../judge/decision.ts';
import { canMove, type Phase } from './phase.ts';
import type { RollbackCause, RolloutState } from './state.ts';

/** Fields that a phase may change besides the phase itself. */
export type StatePatch = Partial<
  Pick<
    RolloutState,
    | 'stepIndex'
    | 'versionCreatedAtIso'
    | 'greenRequested'
    | 'trafficSinceIso'
    | 'liveWeight'
    | 'snapshot'
    | 'sighting'
    | 'paused'
    | 'approval'
    | 'rollback'
    | 'evidence'
    | 'looks'
    | 'foreignAccepted'
    | 'shiftAccepted'
    | 'restoreWritten'
    | 'monitorMove'
  >
>;

export type Progress =
  /** Nothing to decide yet: look again after `waitSeconds`. */
  | { readonly kind: 'stay'; readonly note: string; readonly waitSeconds: number; readonly patch?: StatePatch }
  | {
      readonly kind: 'move';
      readonly to: Phase;
      readonly reason: string;
      readonly patch?: StatePatch;
      /** The judge's decision, where that moved the rollout. */
      readonly decision?: DecisionKind;
    }
  /** Stay, and call a person. */
  | {
      readonly kind: 'call-operator';
      readonly note: string;
      readonly waitSeconds: number;
      readonly patch?: StatePatch;
      readonly decision?: DecisionKind;
    };

export function stay(note: string, waitSeconds: number, patch: StatePatch = {}): Progress {
  return { kind: 'stay', note, waitSeconds, patch };
}

export function move(to: Phase, reason: string, patch: StatePatch = {}): Progress {
  return { kind: 'move', to, reason, patch };
}

export function callOperator(note: string, waitSeconds: number, patch: StatePatch = {}): Progress {
  return { kind: 'call-operator', note, waitSeconds, patch };
}

/** Ends a rollout badly; the first cause is kept. */
export function rollBack(
  code: RollbackCause['code'],
  reason: string,
  { actor = null, failedMetrics = [] }: Partial<Pick<RollbackCause, 'actor' | 'failedMetrics'>> = {},
  patch: StatePatch = {},
): Progress {
  return {
    kind: 'move',
    to: 'rolling-back',
    reason,
    patch: { ...patch, paused: null, rollback: { code, reason, actor, failedMetrics } },
  };
}

const WRITES_TRAFFIC: readonly Phase[] = ['mirroring', 'shifting', 'promoting'];

/** Throws on a move that the phase table does not know: that is a defect, never an outcome. */
export function moveState(
  state: RolloutState,
  to: Phase,
  reason: string,
  patch: StatePatch,
  nowIso: string,
): RolloutState {
  if (!canMove(state.phase, to)) {
    throw new Error(`Rollout ${state.rolloutId} cannot move from ${state.phase} to ${to} (${reason}).`);
  }
  return {
    ...state,
    ...patch,
    phase: to,
    trafficTouched: state.trafficTouched || WRITES_TRAFFIC.includes(to),
    phaseSinceIso: nowIso,
    note: reason,
    alerted: null,
    failedTicks: 0,
  };
}
