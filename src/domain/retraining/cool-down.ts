/**
 * Who may retrain one model: one at a time, and after a job was paid for not again until the cool-down is over.
 *
 * 1. Asking again is harmless: the holder is granted again.
 * 2. A holder that gave no sign of life for LEASE_MS has died and is replaced.
 * 3. An operator's abort waits here until its retraining reads it.
 */

/** Longer than the longest pause between two signs of life, with room for an outage. */
const LEASE_MS = 2 * 3_600_000;

export interface CoolDownState {
  readonly holder: string | null;
  readonly lastSeenIso: string;
  readonly abort: { readonly by: string; readonly reason: string } | null;
  /** When the last job was started. */
  readonly lastSpentIso: string | null;
  readonly lastRetraining: string | null;
}

export const EMPTY_COOL_DOWN: CoolDownState = {
  holder: null,
  lastSeenIso: '',
  abort: null,
  lastSpentIso: null,
  lastRetraining: null,
};

export interface CoolDownClaim {
  readonly retrainingId: string;
  readonly nowIso: string;
  readonly coolDownSeconds: number;
  readonly ignoreCoolDown: boolean;
}

export type ClaimResult =
  | { readonly kind: 'granted' }
  | { readonly kind: 'busy'; readonly holder: string }
  | { readonly kind: 'cooling-down'; readonly untilIso: string };

interface Step<Result> {
  readonly state: CoolDownState;
  readonly result: Result;
}

export function claimModel(state: CoolDownState, claim: CoolDownClaim): Step<ClaimResult> {
  const { retrainingId, nowIso, coolDownSeconds, ignoreCoolDown } = claim;
  if (state.holder === retrainingId) return { state, result: { kind: 'granted' } };
  const isAlive = Date.parse(nowIso) - Date.parse(state.lastSeenIso) < LEASE_MS;
  if (state.holder !== null && isAlive) return { state, result: { kind: 'busy', holder: state.holder } };
  const untilMs = state.lastSpentIso === null ? 0 : Date.parse(state.lastSpentIso) + coolDownSeconds * 1000;
  if (!ignoreCoolDown && Date.parse(nowIso) < untilMs) {
    return { state, result: { kind: 'cooling-down', untilIso: new Date(untilMs).toISOString() } };
  }
  return { state: { ...state, holder: retrainingId, lastSeenIso: nowIso, abort: null }, result: { kind: 'granted' } };
}

/** A sign of life; tells an abort that was asked for. Another than the holder is told to abort: it was replaced. */
export function renewClaim(
  state: CoolDownState,
  retrainingId: string,
  nowIso: string,
): Step<{ readonly abort: CoolDownState['abort'] }> {
  if (state.holder === retrainingId)
    return { state: { ...state, lastSeenIso: nowIso }, result: { abort: state.abort } };
  const reason = `Another retraining (${state.holder ?? 'none'}) took its place after it gave no sign of life.`;
  return { state, result: { abort: { by: 'slipway', reason } } };
}

/** A job was started: the cool-down counts from here, also when the job fails. */
export function markSpent(state: CoolDownState, retrainingId: string, nowIso: string): Step<'marked' | 'not-holder'> {
  if (state.holder !== retrainingId) return { state, result: 'not-holder' };
  if (state.lastRetraining === retrainingId) return { state, result: 'marked' };
  return { state: { ...state, lastSpentIso: nowIso, lastRetraining: retrainingId }, result: 'marked' };
}

export function askToAbort(
  state: CoolDownState,
  retrainingId: string,
  by: string,
  reason: string,
): Step<'kept' | 'not-holder'> {
  if (state.holder !== retrainingId) return { state, result: 'not-holder' };
  return { state: { ...state, abort: state.abort ?? { by, reason } }, result: 'kept' };
}

export function releaseModel(state: CoolDownState, retrainingId: string): Step<'released' | 'not-holder'> {
  if (state.holder !== retrainingId) return { state, result: 'not-holder' };
  return { state: { ...state, holder: null, abort: null }, result: 'released' };
}
