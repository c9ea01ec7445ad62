/**
 * A lane: the queue of one endpoint. Decides who may touch the endpoint and keeps the commands for it.
 *
 * 1. At most one holder; only the first of the waiting ones is granted a free lane.
 * 2. Asking again is harmless: the holder is granted again, a waiting one keeps its place.
 * 3. A command is kept once per id, numbered in order of arrival, until the rollout it is meant for leaves.
 * 4. Everything is bounded: MAX_WAITING, MAX_INBOX, MAX_SEEN.
 */

import type { DeploymentName, EndpointName, ModelName, ModelVersion, RolloutId } from '../ids/names.ts';
import type { NumberedCommand, PostedCommand } from '../rollout/command.ts';
import type { EndpointSnapshot } from '../rollout/state.ts';

export const MAX_WAITING = 20;
export const MAX_INBOX = 100;
const MAX_SEEN = 300;
const MAX_READ = 20;

/** What a rollout says of itself when it asks for the lane. */
export interface RolloutClaim {
  readonly kind: 'rollout';
  readonly id: RolloutId;
  readonly endpoint: EndpointName;
  /** Name of the policy that the rollout was made with. */
  readonly policy: string;
  readonly model: ModelName;
  readonly version: ModelVersion;
  readonly green: DeploymentName;
  /** Creation time of the model version; later means newer. */
  readonly versionCreatedAtIso: string;
  readonly whenBusy: 'wait' | 'supersede';
}

/** A scale-out takes the lane for a moment only: nobody supersedes it, and no commands are kept for it. */
export interface ScaleOutClaim {
  readonly kind: 'scale-out';
  readonly id: string;
  readonly deployment: DeploymentName;
}

export type LaneClaim = RolloutClaim | ScaleOutClaim;

interface Tenure {
  readonly sinceIso: string;
  /** Renewed at each tick of a rollout; for operators and the watchdog. */
  readonly lastSeenIso: string;
}

export interface RolloutHolder extends RolloutClaim, Tenure {
  /** Null until the holder has read the endpoint. */
  readonly snapshot: EndpointSnapshot | null;
}

export interface ScaleOutHolder extends ScaleOutClaim, Tenure {}

export type LaneHolder = RolloutHolder | ScaleOutHolder;

export interface LaneState {
  readonly holder: LaneHolder | null;
  readonly waiting: readonly LaneClaim[];
  readonly inbox: readonly NumberedCommand[];
  readonly nextSequence: number;
  /** Ids of the commands kept so far, oldest first. */
  readonly seen: readonly string[];
}

export const EMPTY_LANE: LaneState = { holder: null, waiting: [], inbox: [], nextSequence: 1, seen: [] };

export type AcquireResult =
  | { readonly kind: 'granted' }
  /** `wake` names the holder when it was just told to make room. */
  | { readonly kind: 'waiting'; readonly holder: string; readonly position: number; readonly wake: string | null }
  | { readonly kind: 'superseded'; readonly by: string }
  | { readonly kind: 'full' };

/** A new state beside what the caller is told. */
export interface LaneStep<Result> {
  readonly state: LaneState;
  readonly result: Result;
}

export function acquire(state: LaneState, claim: LaneClaim, nowIso: string): LaneStep<AcquireResult> {
  if (state.holder?.id === claim.id) return { state, result: { kind: 'granted' } };
  const newer = state.waiting.find((other) => supersedes(other, claim));
  if (newer) return { state: withoutWaiting(state, claim.id), result: { kind: 'superseded', by: newer.id } };
  const known = state.waiting.some(({ id }) => id === claim.id);
  if (!known && state.waiting.length >= MAX_WAITING) return { state, result: { kind: 'full' } };
  const queued = known ? state : { ...state, waiting: [...state.waiting, claim] };
  const position = queued.waiting.findIndex(({ id }) => id === claim.id);
  if (queued.holder === null && position === 0)
    return { state: grant(queued, claim, nowIso), result: { kind: 'granted' } };
  return makeRoom(queued, claim, position, nowIso);
}

/** Adds a command for the holder or a waiting rollout; a repeated id, a stranger's command or a full inbox changes nothing. */
export function post(state: LaneState, posted: PostedCommand): LaneStep<'kept' | 'known' | 'stranger' | 'full'> {
  if (state.seen.includes(posted.id)) return { state, result: 'known' };
  if (!isPresent(state, posted.rolloutId)) return { state, result: 'stranger' };
  if (state.inbox.length >= MAX_INBOX) return { state, result: 'full' };
  const numbered: NumberedCommand = { ...posted, sequence: state.nextSequence };
  const next = {
    ...state,
    inbox: [...state.inbox, numbered],
    nextSequence: state.nextSequence + 1,
    seen: [...state.seen, posted.id].slice(-MAX_SEEN),
  };
  return { state: next, result: 'kept' };
}

/** Commands for `rolloutId` after `cursor`, at most 20; forgets those up to the cursor and renews the holder's sign of life. */
export function readInbox(
  state: LaneState,
  rolloutId: string,
  cursor: number,
  nowIso: string,
): LaneStep<readonly NumberedCommand[]> {
  const inbox = state.inbox.filter((entry) => entry.rolloutId !== rolloutId || entry.sequence > cursor);
  const holder = state.holder?.id === rolloutId ? { ...state.holder, lastSeenIso: nowIso } : state.holder;
  const result = inbox.filter((entry) => entry.rolloutId === rolloutId).slice(0, MAX_READ);
  return { state: { ...state, inbox, holder }, result };
}

export function recordSnapshot(
  state: LaneState,
  rolloutId: string,
  snapshot: EndpointSnapshot,
): LaneStep<'recorded' | 'not-holder'> {
  const { holder } = state;
  if (holder?.kind !== 'rollout' || holder.id !== rolloutId) return { state, result: 'not-holder' };
  if (holder.snapshot !== null) return { state, result: 'recorded' };
  return { state: { ...state, holder: { ...holder, snapshot } }, result: 'recorded' };
}

/** Takes a rollout or a scale-out out of the lane, whatever its place; tells who is next in line. */
export function leave(state: LaneState, id: string): LaneStep<{ readonly next: string | null }> {
  const holder = state.holder?.id === id ? null : state.holder;
  const waiting = state.waiting.filter((claim) => claim.id !== id);
  const inbox = state.inbox.filter((entry) => entry.rolloutId !== id);
  const next = holder === null ? (waiting[0]?.id ?? null) : null;
  return { state: { ...state, holder, waiting, inbox }, result: { next } };
}

/** The rollouts that hold the lane or wait for it, the holder first. */
export function rolloutsIn(state: LaneState): readonly RolloutClaim[] {
  const claims = state.holder === null ? state.waiting : [state.holder, ...state.waiting];
  return claims.filter((claim) => claim.kind === 'rollout');
}

function supersedes(other: LaneClaim, claim: LaneClaim): boolean {
  return (
    other.kind === 'rollout' &&
    claim.kind === 'rollout' &&
    other.id !== claim.id &&
    other.whenBusy === 'supersede' &&
    other.model === claim.model &&
    other.versionCreatedAtIso > claim.versionCreatedAtIso
  );
}

function grant(state: LaneState, claim: LaneClaim, nowIso: string): LaneState {
  const tenure = { sinceIso: nowIso, lastSeenIso: nowIso };
  const holder: LaneHolder =
    claim.kind === 'rollout' ? { ...claim, ...tenure, snapshot: null } : { ...claim, ...tenure };
  return { ...withoutWaiting(state, claim.id), holder };
}

function makeRoom(state: LaneState, claim: LaneClaim, position: number, nowIso: string): LaneStep<AcquireResult> {
  const holder = state.holder;
  const waiting: AcquireResult = { kind: 'waiting', holder: holder?.id ?? '', position, wake: null };
  if (holder === null || claim.kind !== 'rollout' || !supersedes(claim, holder)) return { state, result: waiting };
  const told = post(state, {
    id: `supersede.${claim.id}`,
    rolloutId: holder.id,
    receivedAtIso: nowIso,
    command: {
      type: 'supersede',
      by: claim.id,
      reason: `Version ${claim.version} is newer and the policy says supersede.`,
    },
  });
  return { state: told.state, result: told.result === 'kept' ? { ...waiting, wake: holder.id } : waiting };
}

function withoutWaiting(state: LaneState, id: string): LaneState {
  return { ...state, waiting: state.waiting.filter((claim) => claim.id !== id) };
}

function isPresent(state: LaneState, rolloutId: string): boolean {
  return rolloutsIn(state).some(({ id }) => id === rolloutId);
}
