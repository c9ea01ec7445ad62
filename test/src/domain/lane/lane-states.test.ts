/** Whole states of a lane after one call, and both ends of every bound. */
import { describe, expect, it } from 'vitest';
import type { DeploymentName, ModelName, ModelVersion } from '../../../../src/domain/ids/names.ts';
import {
  acquire,
  EMPTY_LANE,
  type LaneClaim,
  type LaneState,
  leave,
  MAX_INBOX,
  MAX_WAITING,
  post,
  type RolloutClaim,
  readInbox,
  recordSnapshot,
} from '../../../../src/domain/lane/lane.ts';
import type { PostedCommand } from '../../../../src/domain/rollout/command.ts';
import { aClaim } from '../a-claim.ts';
import { aSnapshot, NOW } from '../a-policy.ts';

const EARLIER = '2026-03-01T11:00:00.000Z';
const LATER = '2026-03-01T13:00:00.000Z';

type Changes = Partial<Pick<RolloutClaim, 'whenBusy' | 'versionCreatedAtIso'>> & { readonly model?: string };

function claim(id: string, { model = 'm', ...changes }: Changes = {}): RolloutClaim {
  const named = { version: `v-${id}` as ModelVersion, green: `g-${id}` as DeploymentName, model: model as ModelName };
  return aClaim(id, { ...named, ...changes });
}

const newer = (id: string, changes: Changes = {}): RolloutClaim =>
  claim(id, { whenBusy: 'supersede', versionCreatedAtIso: LATER, ...changes });

function pause(id: string, rolloutId: string): PostedCommand {
  return { id, rolloutId, receivedAtIso: NOW, command: { type: 'pause', by: 'ada', reason: 'r' } };
}

/** Held by the first, the others wait in order. */
function laneOf(...claims: readonly LaneClaim[]): LaneState {
  return claims.reduce((state, next) => acquire(state, next, NOW).state, EMPTY_LANE);
}

/** With `count` commands for `rolloutId`, numbered from 1. */
function filled(state: LaneState, rolloutId: string, count: number): LaneState {
  const ids = Array.from({ length: count }, (_value, index) => `c${index + 1}`);
  return ids.reduce((filling, id) => post(filling, pause(id, rolloutId)).state, state);
}

describe('asking for a lane', () => {
  it('gives a free one, with nothing read yet', () => {
    expect(acquire(EMPTY_LANE, claim('a'), NOW)).toEqual({
      state: { ...EMPTY_LANE, holder: { ...claim('a'), sinceIso: NOW, lastSeenIso: NOW, snapshot: null } },
      result: { kind: 'granted' },
    });
  });

  it('puts the claim at the end of the queue of a held one', () => {
    const state = laneOf(claim('a'), claim('b'));
    expect(acquire(state, claim('c'), LATER)).toEqual({
      state: { ...state, waiting: [claim('b'), claim('c')] },
      result: { kind: 'waiting', holder: 'a', position: 1, wake: null },
    });
  });

  it('of a free one out of turn waits for the first in line, and wakes nobody', () => {
    const state = leave(laneOf(claim('a'), claim('b'), claim('c')), 'a').state;
    expect(acquire(state, claim('c'), NOW)).toEqual({
      state,
      result: { kind: 'waiting', holder: '', position: 1, wake: null },
    });
    expect(acquire(state, claim('b'), LATER).state).toEqual({
      ...state,
      holder: { ...claim('b'), sinceIso: LATER, lastSeenIso: LATER, snapshot: null },
      waiting: [claim('c')],
    });
  });

  it('again from a full queue keeps the place', () => {
    const names = Array.from({ length: MAX_WAITING }, (_value, index) => `w${index}`);
    const state = laneOf(...['holder', ...names].map((name) => claim(name)));
    expect(state.waiting).toHaveLength(MAX_WAITING);
    expect(acquire(state, claim('w19'), NOW)).toEqual({
      state,
      result: { kind: 'waiting', holder: 'holder', position: 19, wake: null },
    });
    expect(acquire(state, claim('late'), NOW)).toEqual({ state, result: { kind: 'full' } });
  });

  it('for a newer version tells the holder to make room, in words for people', () => {
    const state = laneOf(claim('a'));
    expect(acquire(state, newer('b'), LATER)).toEqual({
      state: {
        ...state,
        waiting: [newer('b')],
        inbox: [
          {
            id: 'supersede.b',
            rolloutId: 'a',
            receivedAtIso: LATER,
            command: { type: 'supersede', by: 'b', reason: 'Version v-b is newer and the policy says supersede.' },
            sequence: 1,
          },
        ],
        nextSequence: 2,
        seen: ['supersede.b'],
      },
      result: { kind: 'waiting', holder: 'a', position: 0, wake: 'a' },
    });
  });

  it.each([
    ['whose policy lets it wait', newer('b', { whenBusy: 'wait' })],
    ['of another model', newer('b', { model: 'other' })],
    ['as old as the holder', newer('b', { versionCreatedAtIso: NOW })],
    ['older than the holder', newer('b', { versionCreatedAtIso: EARLIER })],
  ])('for a version %s leaves the holder alone', (_what, other) => {
    const state = laneOf(claim('a'));
    expect(acquire(state, other, NOW)).toEqual({
      state: { ...state, waiting: [other] },
      result: { kind: 'waiting', holder: 'a', position: 0, wake: null },
    });
    const waiting = laneOf(claim('x', { model: 'x' }), claim('a'), other);
    expect(acquire(waiting, claim('a'), NOW).result).toEqual({
      kind: 'waiting',
      holder: 'x',
      position: 0,
      wake: null,
    });
  });

  it('for a version that a waiting one replaces leaves the queue, and only that one', () => {
    const state = laneOf(claim('x', { model: 'x' }), claim('a'), claim('b', { model: 'y' }), newer('c'));
    expect(acquire(state, claim('a'), NOW)).toEqual({
      state: { ...state, waiting: [claim('b', { model: 'y' }), newer('c')] },
      result: { kind: 'superseded', by: 'c' },
    });
  });

  it('wakes nobody when the command found no room in the inbox', () => {
    const state = filled(laneOf(claim('a')), 'a', MAX_INBOX);
    expect(acquire(state, newer('b'), NOW)).toEqual({
      state: { ...state, waiting: [newer('b')] },
      result: { kind: 'waiting', holder: 'a', position: 0, wake: null },
    });
  });
});

describe('posting a command', () => {
  it('keeps it with its number, for the holder and for one that waits', () => {
    const state = laneOf(claim('a'), claim('b'));
    const first = post(state, pause('c1', 'b'));
    const kept = { ...state, inbox: [{ ...pause('c1', 'b'), sequence: 1 }], nextSequence: 2, seen: ['c1'] };
    expect(first).toEqual({ state: kept, result: 'kept' });
    expect(post(kept, pause('c2', 'a'))).toEqual({
      state: {
        ...kept,
        inbox: [...kept.inbox, { ...pause('c2', 'a'), sequence: 2 }],
        nextSequence: 3,
        seen: ['c1', 'c2'],
      },
      result: 'kept',
    });
  });

  it('changes nothing where it is refused', () => {
    const state = filled(laneOf(claim('a'), claim('b')), 'a', MAX_INBOX - 1);
    const full = post(state, pause('last', 'a'));
    expect(full.result).toBe('kept');
    expect(post(full.state, pause('more', 'a'))).toEqual({ state: full.state, result: 'full' });
    expect(post(full.state, pause('more', 'nobody'))).toEqual({ state: full.state, result: 'stranger' });
    expect(post(full.state, pause('last', 'a'))).toEqual({ state: full.state, result: 'known' });
  });

  it('remembers the last 300 ids', () => {
    let state = laneOf(claim('a'));
    for (let index = 1; index <= 301; index += 1) {
      state = post(state, pause(`c${index}`, 'a')).state;
      state = readInbox(state, 'a', index, NOW).state;
    }
    expect(state.seen).toHaveLength(300);
    expect(state.seen.at(0)).toBe('c2');
    expect(post(state, pause('c2', 'a')).result).toBe('known');
    expect(post(state, pause('c1', 'a')).result).toBe('kept');
  });
});

describe('reading the inbox', () => {
  it('shows 20 commands at most, and the rest later', () => {
    const state = filled(laneOf(claim('a')), 'a', 21);
    const read = readInbox(state, 'a', 0, NOW);
    expect(read.result.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 20 }, (_value, index) => index + 1),
    );
    expect(readInbox(read.state, 'a', 20, NOW).result.map(({ id }) => id)).toEqual(['c21']);
  });

  it("by the holder renews its sign of life and forgets its own commands, not another's", () => {
    const lane = laneOf(claim('a'), claim('b'));
    const state = post(post(lane, pause('c1', 'a')).state, pause('c2', 'b')).state;
    const { holder } = state;
    expect(readInbox(state, 'a', 1, LATER)).toEqual({
      state: {
        ...state,
        inbox: [{ ...pause('c2', 'b'), sequence: 2 }],
        holder: holder && { ...holder, lastSeenIso: LATER },
      },
      result: [],
    });
  });

  it('by one that waits is no sign of life of the holder', () => {
    const state = post(laneOf(claim('a'), claim('b')), pause('c1', 'b')).state;
    expect(readInbox(state, 'b', 0, LATER)).toEqual({ state, result: [{ ...pause('c1', 'b'), sequence: 1 }] });
  });

  it('of a lane that nobody holds finds nothing', () => {
    expect(readInbox(EMPTY_LANE, 'a', 0, NOW)).toEqual({ state: EMPTY_LANE, result: [] });
  });
});

describe('recording the snapshot', () => {
  it('changes the holder alone, once', () => {
    const state = laneOf(claim('a'));
    const recorded = { ...state, holder: state.holder && { ...state.holder, snapshot: aSnapshot() } };
    expect(recordSnapshot(state, 'a', aSnapshot())).toEqual({ state: recorded, result: 'recorded' });
    const other = aSnapshot({ blueInstanceCount: 9 });
    expect(recordSnapshot(recorded, 'a', other)).toEqual({ state: recorded, result: 'recorded' });
    expect(recordSnapshot(recorded, 'b', other)).toEqual({ state: recorded, result: 'not-holder' });
    expect(recordSnapshot(EMPTY_LANE, 'a', other)).toEqual({ state: EMPTY_LANE, result: 'not-holder' });
  });
});

describe('leaving a lane', () => {
  const lane = laneOf(claim('a'), claim('b'), claim('c'));
  const state = post(post(lane, pause('c1', 'a')).state, pause('c2', 'b')).state;

  it('as its holder names the first in line, and takes its commands along', () => {
    expect(leave(state, 'a')).toEqual({
      state: { ...state, holder: null, inbox: [{ ...pause('c2', 'b'), sequence: 2 }] },
      result: { next: 'b' },
    });
    expect(leave(laneOf(claim('a')), 'a').result).toEqual({ next: null });
  });

  it('as one that waits names nobody while it is held', () => {
    expect(leave(state, 'b')).toEqual({
      state: { ...state, waiting: [claim('c')], inbox: [{ ...pause('c1', 'a'), sequence: 1 }] },
      result: { next: null },
    });
    expect(leave(leave(state, 'a').state, 'b').result).toEqual({ next: 'c' });
  });
});
