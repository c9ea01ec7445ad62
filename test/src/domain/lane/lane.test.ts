import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelVersion } from '../../../../src/domain/ids/names.ts';
import {
  acquire,
  EMPTY_LANE,
  type LaneState,
  leave,
  MAX_INBOX,
  MAX_WAITING,
  post,
  type RolloutClaim,
  readInbox,
  recordSnapshot,
  rolloutsIn,
} from '../../../../src/domain/lane/lane.ts';
import type { PostedCommand } from '../../../../src/domain/rollout/command.ts';
import { aClaim, aScaleOutClaim } from '../a-claim.ts';
import { aSnapshot, NOW } from '../a-policy.ts';

const claim = (id: string, changes: Partial<RolloutClaim> = {}) =>
  aClaim(id, { version: id as ModelVersion, ...changes });

function abort(id: string, rolloutId: string): PostedCommand {
  return { id, rolloutId, receivedAtIso: NOW, command: { type: 'abort', by: 'ada', reason: 'r' } };
}

function heldBy(id: string): LaneState {
  return acquire(EMPTY_LANE, claim(id), NOW).state;
}

describe('a lane', () => {
  it('is granted to the first, and to the same one again', () => {
    const state = heldBy('a');
    expect(state.holder?.id).toBe('a');
    expect(acquire(state, claim('a'), NOW)).toEqual({ state, result: { kind: 'granted' } });
  });

  it('makes others wait in order', () => {
    const second = acquire(heldBy('a'), claim('b'), NOW);
    expect(second.result).toEqual({ kind: 'waiting', holder: 'a', position: 0, wake: null });
    const third = acquire(second.state, claim('c'), NOW);
    const left = leave(third.state, 'a');
    expect(left.result).toEqual({ next: 'b' });
    expect(acquire(left.state, claim('c'), NOW).result).toMatchObject({ kind: 'waiting', position: 1 });
    expect(acquire(left.state, claim('b'), NOW).result).toEqual({ kind: 'granted' });
  });

  it('tells the holder once to make room for a newer version', () => {
    const newer = claim('b', { whenBusy: 'supersede', versionCreatedAtIso: '2026-04-01T00:00:00Z' });
    const asked = acquire(heldBy('a'), newer, NOW);
    expect(asked.result).toMatchObject({ kind: 'waiting', wake: 'a' });
    expect(asked.state.inbox).toMatchObject([{ rolloutId: 'a', command: { type: 'supersede', by: 'b' } }]);
    const again = acquire(asked.state, newer, NOW);
    expect(again.result).toMatchObject({ wake: null });
    expect(again.state.inbox).toHaveLength(1);
  });

  it('lets a waiting version go when a newer one waits', () => {
    const older = acquire(heldBy('x'), claim('a'), NOW).state;
    const newer = claim('b', { whenBusy: 'supersede', versionCreatedAtIso: '2026-04-01T00:00:00Z' });
    const both = acquire(older, newer, NOW).state;
    expect(acquire(both, claim('a'), NOW).result).toEqual({ kind: 'superseded', by: 'b' });
  });

  it('refuses more than its queue holds', () => {
    let state = heldBy('holder');
    for (let index = 0; index < MAX_WAITING; index += 1) state = acquire(state, claim(`w${index}`), NOW).state;
    expect(acquire(state, claim('late'), NOW).result).toEqual({ kind: 'full' });
  });
});

describe('the inbox', () => {
  it('keeps a command once, however often it arrives', () => {
    const first = post(heldBy('a'), abort('c1', 'a'));
    expect(first.result).toBe('kept');
    expect(post(first.state, abort('c1', 'a'))).toEqual({ state: first.state, result: 'known' });
  });

  it('refuses commands for strangers and more than it holds', () => {
    let state = heldBy('a');
    expect(post(state, abort('c', 'nobody')).result).toBe('stranger');
    for (let index = 0; index < MAX_INBOX; index += 1) state = post(state, abort(`c${index}`, 'a')).state;
    expect(post(state, abort('one-more', 'a')).result).toBe('full');
  });

  it('shows a command until the cursor has passed it', () => {
    const state = post(post(heldBy('a'), abort('c1', 'a')).state, abort('c2', 'a')).state;
    const read = readInbox(state, 'a', 0, NOW);
    expect(read.result.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(readInbox(read.state, 'a', 0, NOW).result).toHaveLength(2);
    expect(readInbox(read.state, 'a', 1, NOW).result.map(({ id }) => id)).toEqual(['c2']);
    expect(readInbox(readInbox(read.state, 'a', 2, NOW).state, 'a', 0, NOW).result).toEqual([]);
  });

  it('forgets the commands of a rollout that leaves', () => {
    const state = post(heldBy('a'), abort('c1', 'a')).state;
    expect(leave(state, 'a').state.inbox).toEqual([]);
  });
});

describe('the snapshot', () => {
  it('is kept as first recorded, and only from the holder', () => {
    const state = heldBy('a');
    const recorded = recordSnapshot(state, 'a', aSnapshot());
    expect(recorded.result).toBe('recorded');
    const again = recordSnapshot(recorded.state, 'a', aSnapshot({ blueInstanceCount: 9 }));
    expect(again.state.holder).toMatchObject({ snapshot: { blueInstanceCount: 2 } });
    expect(recordSnapshot(state, 'b', aSnapshot()).result).toBe('not-holder');
  });
});

describe('a scale-out in the lane', () => {
  const newer = claim('b', { whenBusy: 'supersede', versionCreatedAtIso: '2099-01-01T00:00:00.000Z' });
  const held = acquire(EMPTY_LANE, aScaleOutClaim('s'), NOW).state;

  it('holds it without a snapshot and without commands', () => {
    expect(held.holder).toEqual({ ...aScaleOutClaim('s'), sinceIso: NOW, lastSeenIso: NOW });
    expect(recordSnapshot(held, 's', aSnapshot())).toEqual({ state: held, result: 'not-holder' });
    expect(post(held, abort('c1', 's'))).toEqual({ state: held, result: 'stranger' });
  });

  it('is not superseded: a rollout waits for its end', () => {
    const asked = acquire(held, newer, NOW);
    expect(asked.result).toEqual({ kind: 'waiting', holder: 's', position: 0, wake: null });
    expect(asked.state.inbox).toEqual([]);
    expect(rolloutsIn(asked.state)).toEqual([newer]);
    expect(leave(asked.state, 's').result).toEqual({ next: 'b' });
  });

  it('supersedes nobody, and is not sent away by a newer version that waits', () => {
    expect(acquire(heldBy('a'), aScaleOutClaim('s'), NOW).result).toMatchObject({ kind: 'waiting', wake: null });
    const waiting = acquire(heldBy('a'), newer, NOW).state;
    expect(acquire(waiting, aScaleOutClaim('s'), NOW).result).toMatchObject({ kind: 'waiting', position: 1 });
  });
});

describe('any sequence of operations', () => {
  it('keeps one holder, bounded queues, and nobody both holding and waiting', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 's');
    const operation = fc.oneof(
      id.filter((name) => name !== 's').map((name) => (state: LaneState) => acquire(state, claim(name), NOW).state),
      fc.constant((state: LaneState) => acquire(state, aScaleOutClaim('s'), NOW).state),
      id.map((name) => (state: LaneState) => leave(state, name).state),
      fc.tuple(fc.string(), id).map(
        ([command, name]) =>
          (state: LaneState) =>
            post(state, abort(command, name)).state,
      ),
      fc.tuple(id, fc.nat(20)).map(
        ([name, cursor]) =>
          (state: LaneState) =>
            readInbox(state, name, cursor, NOW).state,
      ),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const state = operations.reduce((current, apply) => apply(current), EMPTY_LANE);
        const waiting = state.waiting.map(({ id }) => id);
        expect(new Set(waiting).size).toBe(waiting.length);
        expect(waiting).not.toContain(state.holder?.id);
        const present = [state.holder?.id, ...waiting];
        expect(state.inbox.every(({ rolloutId }) => present.includes(rolloutId))).toBe(true);
      }),
    );
  });
});
