/**
 * Who may retrain one model: one at a time, and after a job was paid for not again until the cool-down is over.
 *
 * 1. Asking again is harmless: the holder is granted again.
 * 2. A holder that gave no sign of life for LEASE_MS has died and is replaced.
 * 3. An operator's abort waits here until its retraining reads it.
 * 4. A job that never came to be gives the cool-down back as it was before.
 * 5. At most one waits for its turn: the retraining of the newest data.
 */
import { endOfWaiting, type WaitingData, type WaitingEnd } from './waiting-data.ts';

/** Longer than an outage in which none runs: work that is paid for is not taken from one that comes back. The watchdog is faster. */
const LEASE_MS = 12 * 3_600_000;

interface LastJob {
  /** When the last job was started. */
  readonly lastSpentIso: string | null;
  readonly lastRetraining: string | null;
  /** When the data of the last job was looked at: what came before is part of it. */
  readonly dataAsOfIso: string | null;
}

export interface CoolDownState extends LastJob {
  readonly holder: string | null;
  readonly lastSeenIso: string;
  readonly abort: { readonly by: string; readonly reason: string } | null;
  /** The job before the last one, until the last one surely exists. */
  readonly before: LastJob | null;
  readonly waiting: WaitingData | null;
  /** The data of the last job that reached the gate. */
  readonly judgedData: string | null;
}

export const EMPTY_COOL_DOWN: CoolDownState = {
  holder: null,
  lastSeenIso: '',
  abort: null,
  lastSpentIso: null,
  lastRetraining: null,
  dataAsOfIso: null,
  before: null,
  waiting: null,
  judgedData: null,
};

export interface CoolDownClaim {
  readonly retrainingId: string;
  readonly nowIso: string;
  readonly coolDownSeconds: number;
  readonly ignoreCoolDown: boolean;
  /** Set by one that waits for its turn: since when its data has been there. */
  readonly waitSinceIso?: string | undefined;
}

export type Hindrance =
  | { readonly kind: 'busy'; readonly holder: string }
  | { readonly kind: 'cooling-down'; readonly untilIso: string };

export type ClaimResult =
  /** For one that waited, with the data that the last judged job trained on. */
  { readonly kind: 'granted'; readonly judgedData?: string | null } | Hindrance | WaitingEnd;

interface Step<Result> {
  readonly state: CoolDownState;
  readonly result: Result;
}

export function claimModel(state: CoolDownState, claim: CoolDownClaim): Step<ClaimResult> {
  const { retrainingId, waitSinceIso: sinceIso } = claim;
  if (state.holder === retrainingId) return { state, result: { kind: 'granted' } };
  const hindrance = hindranceOf(state, claim);
  if (sinceIso === undefined) return hindrance ? { state, result: hindrance } : grant(state, claim);
  const end = endOfWaiting(state, { retrainingId, sinceIso });
  if (end) return { state, result: end };
  if (hindrance === null) return grantWaiting(state, claim);
  return { state: { ...state, waiting: { retrainingId, sinceIso, abort: null } }, result: hindrance };
}

function hindranceOf(
  { holder, lastSeenIso, lastSpentIso }: CoolDownState,
  { nowIso, coolDownSeconds, ignoreCoolDown }: CoolDownClaim,
): Hindrance | null {
  const isAlive = Date.parse(nowIso) - Date.parse(lastSeenIso) < LEASE_MS;
  if (holder !== null && isAlive) return { kind: 'busy', holder };
  const untilMs = lastSpentIso === null ? 0 : Date.parse(lastSpentIso) + coolDownSeconds * 1000;
  if (ignoreCoolDown || Date.parse(nowIso) >= untilMs) return null;
  return { kind: 'cooling-down', untilIso: new Date(untilMs).toISOString() };
}

function grant(state: CoolDownState, { retrainingId, nowIso }: CoolDownClaim): Step<ClaimResult> {
  return { state: { ...state, holder: retrainingId, lastSeenIso: nowIso, abort: null }, result: { kind: 'granted' } };
}

function grantWaiting(state: CoolDownState, claim: CoolDownClaim): Step<ClaimResult> {
  const hasWaited = state.waiting?.retrainingId === claim.retrainingId;
  const granted = grant({ ...state, waiting: null }, claim);
  return hasWaited ? { ...granted, result: { kind: 'granted', judgedData: state.judgedData } } : granted;
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
export function markSpent(
  state: CoolDownState,
  retrainingId: string,
  nowIso: string,
  seenIso: string | null = null,
): Step<'marked' | 'not-holder'> {
  if (state.holder !== retrainingId) return { state, result: 'not-holder' };
  const { lastSpentIso, lastRetraining, dataAsOfIso } = state;
  if (lastRetraining === retrainingId) return { state, result: 'marked' };
  const before = { lastSpentIso, lastRetraining, dataAsOfIso };
  const spent = { lastSpentIso: nowIso, lastRetraining: retrainingId, dataAsOfIso: seenIso ?? dataAsOfIso };
  return { state: { ...state, ...spent, before }, result: 'marked' };
}

/** Its job surely does not exist: nothing was paid, and its data has been seen by no job. */
export function giveBack(state: CoolDownState, retrainingId: string): Step<'given-back' | 'not-spent'> {
  const { before } = state;
  if (state.lastRetraining !== retrainingId || before === null) return { state, result: 'not-spent' };
  return { state: { ...state, ...before, before: null }, result: 'given-back' };
}

/** Of the holder, or of the one that waits. */
export function askToAbort(
  state: CoolDownState,
  retrainingId: string,
  by: string,
  reason: string,
): Step<'kept' | 'not-holder'> {
  const { waiting } = state;
  if (state.holder === retrainingId)
    return { state: { ...state, abort: state.abort ?? { by, reason } }, result: 'kept' };
  if (waiting?.retrainingId !== retrainingId) return { state, result: 'not-holder' };
  const asked = { ...waiting, abort: waiting.abort ?? { by, reason } };
  return { state: { ...state, waiting: asked }, result: 'kept' };
}

/** Also takes it out of the place where it waits. `judgedData` is set when its job reached the gate. */
export function releaseModel(
  state: CoolDownState,
  retrainingId: string,
  judgedData: string | null = null,
): Step<'released' | 'not-holder'> {
  const waiting = state.waiting?.retrainingId === retrainingId ? null : state.waiting;
  if (state.holder !== retrainingId) return { state: { ...state, waiting }, result: 'not-holder' };
  const free = { ...state, holder: null, abort: null, waiting, judgedData: judgedData ?? state.judgedData };
  return { state: free, result: 'released' };
}
