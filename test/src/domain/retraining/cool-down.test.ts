/** Who may retrain a model: one at a time, and not again until the cool-down is over; holders that died are replaced. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askToAbort,
  type CoolDownState,
  claimModel,
  EMPTY_COOL_DOWN,
  giveBack,
  markSpent,
  releaseModel,
  renewClaim,
} from '../../../../src/domain/retraining/cool-down.ts';

const START_MS = Date.UTC(2026, 2, 1, 12);
const at = (minutes: number) => new Date(START_MS + minutes * 60_000).toISOString();

function claim(state: CoolDownState, retrainingId: string, minutes: number, ignoreCoolDown = false) {
  return claimModel(state, { retrainingId, nowIso: at(minutes), coolDownSeconds: 3600, ignoreCoolDown });
}

/** Claimed `now` minutes after the start by one whose data has been there since `since`. */
function wait(state: CoolDownState, retrainingId: string, since: number, now = since) {
  const asked = { retrainingId, nowIso: at(now), coolDownSeconds: 3600, ignoreCoolDown: false };
  return claimModel(state, { ...asked, waitSinceIso: at(since) });
}

/** Held by `a`, which started a job after five minutes. */
const spent = markSpent(claim(EMPTY_COOL_DOWN, 'a', 0).state, 'a', at(5)).state;

describe('a model', () => {
  it('is granted to the first, and to the same one again', () => {
    const first = claim(EMPTY_COOL_DOWN, 'a', 0);
    expect(first.result).toEqual({ kind: 'granted' });
    expect(claim(first.state, 'a', 1)).toEqual({ state: first.state, result: { kind: 'granted' } });
  });

  it('is busy for another one, also for a person who does not want to wait', () => {
    expect(claim(spent, 'b', 10).result).toEqual({ kind: 'busy', holder: 'a' });
    expect(claim(spent, 'b', 10, true).result).toEqual({ kind: 'busy', holder: 'a' });
  });

  it('cools down from the start of the job, not from the end', () => {
    const free = releaseModel(spent, 'a').state;
    expect(claim(free, 'b', 64).result).toEqual({ kind: 'cooling-down', untilIso: at(65) });
    expect(claim(free, 'b', 65).result).toEqual({ kind: 'granted' });
  });

  it('is granted at once to a person who does not want to wait', () => {
    expect(claim(releaseModel(spent, 'a').state, 'b', 10, true).result).toEqual({ kind: 'granted' });
  });

  it('does not cool down after a retraining that started no job', () => {
    const held = claim(EMPTY_COOL_DOWN, 'a', 0).state;
    expect(claim(releaseModel(held, 'a').state, 'b', 1).result).toEqual({ kind: 'granted' });
  });

  it('is taken from a holder that gave no sign of life for twelve hours, which is told so when it comes back', () => {
    expect(claim(spent, 'b', 719).result).toEqual({ kind: 'busy', holder: 'a' });
    expect(claim(spent, 'b', 720).result).toEqual({ kind: 'granted' });
    const replaced = claim(spent, 'b', 721);
    expect(replaced.result).toEqual({ kind: 'granted' });
    expect(renewClaim(replaced.state, 'a', at(722)).result.abort).toMatchObject({
      by: 'slipway',
      reason: expect.stringContaining('(b) took its place'),
    });
    expect(releaseModel(replaced.state, 'a').state.holder).toBe('b');
  });

  it('that nobody holds any more tells the one that comes back so', () => {
    const free = releaseModel(spent, 'a').state;
    expect(renewClaim(free, 'a', at(10))).toEqual({
      state: free,
      result: {
        abort: {
          by: 'slipway',
          reason: 'Another retraining (none) took its place after it gave no sign of life.',
        },
      },
    });
  });

  it('stays with a holder that gives signs of life', () => {
    const renewed = renewClaim(spent, 'a', at(700)).state;
    expect(claim(renewed, 'b', 1400).result).toEqual({ kind: 'busy', holder: 'a' });
  });
});

describe('the start of the job', () => {
  it('counts once, however often it is marked', () => {
    expect(markSpent(spent, 'a', at(30))).toEqual({ state: spent, result: 'marked' });
  });

  it('is not marked for one that does not hold the model', () => {
    expect(markSpent(spent, 'b', at(30))).toEqual({ state: spent, result: 'not-holder' });
  });
});

describe('a job that never came to be', () => {
  it('gives the cool-down back, once', () => {
    const given = giveBack(spent, 'a');
    expect(given.result).toBe('given-back');
    expect(giveBack(given.state, 'a')).toEqual({ state: given.state, result: 'not-spent' });
    expect(claim(releaseModel(given.state, 'a').state, 'b', 6).result).toEqual({ kind: 'granted' });
  });

  it('leaves the cool-down of the job before it', () => {
    const free = releaseModel(spent, 'a').state;
    const second = markSpent(claim(free, 'b', 20, true).state, 'b', at(21)).state;
    const given = releaseModel(giveBack(second, 'b').state, 'b').state;
    expect(claim(given, 'c', 30).result).toEqual({ kind: 'cooling-down', untilIso: at(65) });
  });

  it('of another one than the last gives nothing back', () => {
    expect(giveBack(spent, 'b')).toEqual({ state: spent, result: 'not-spent' });
    expect(giveBack(EMPTY_COOL_DOWN, 'a').result).toBe('not-spent');
    const again = { ...spent, before: null };
    expect(giveBack(again, 'a')).toEqual({ state: again, result: 'not-spent' });
  });

  it('lets the data that it was for wait on: no job has seen it', () => {
    const held = claim(EMPTY_COOL_DOWN, 'a', 0).state;
    const seen = markSpent(wait(held, 'b', 1).state, 'a', at(5), at(4)).state;
    expect(wait(seen, 'b', 1, 6).result).toEqual({ kind: 'covered', by: 'a' });
    const given = releaseModel(giveBack(seen, 'a').state, 'a').state;
    expect(wait(given, 'b', 1, 7).result).toMatchObject({ kind: 'granted' });
  });
});

describe('one that waits for its turn', () => {
  const seen = markSpent(claim(EMPTY_COOL_DOWN, 'a', 0).state, 'a', at(5), at(4)).state;

  it('waits while the model is busy and cools down, and is granted then', () => {
    const waiting = wait(seen, 'b', 10);
    expect(waiting.result).toEqual({ kind: 'busy', holder: 'a' });
    const free = releaseModel(waiting.state, 'a').state;
    expect(wait(free, 'b', 10, 30).result).toEqual({ kind: 'cooling-down', untilIso: at(65) });
    const granted = wait(free, 'b', 10, 65);
    expect(granted).toMatchObject({ result: { kind: 'granted' }, state: { holder: 'b', waiting: null } });
  });

  it('is told which data was judged meanwhile; one that did not wait is not', () => {
    const free = releaseModel(wait(seen, 'b', 10).state, 'a', 'azureml:rows:3').state;
    expect(wait(free, 'b', 10, 65).result).toEqual({ kind: 'granted', judgedData: 'azureml:rows:3' });
    expect(wait(free, 'c', 65, 65).result).toEqual({ kind: 'granted' });
    expect(releaseModel(claim(free, 'c', 66).state, 'c').state.judgedData).toBe('azureml:rows:3');
  });

  it('ends when a job was given data that was looked at later', () => {
    expect(wait(seen, 'b', 3, 10).result).toEqual({ kind: 'covered', by: 'a' });
    expect(wait(seen, 'b', 4, 10).result).toEqual({ kind: 'busy', holder: 'a' });
  });

  it('ends when newer data waits: one is enough', () => {
    const newer = wait(wait(seen, 'b', 10).state, 'c', 11).state;
    expect(newer.waiting).toMatchObject({ retrainingId: 'c' });
    expect(wait(newer, 'b', 10, 12).result).toEqual({ kind: 'superseded', by: 'c' });
    expect(wait(newer, 'c', 11, 12)).toEqual({ state: newer, result: { kind: 'busy', holder: 'a' } });
  });

  it('is aborted by name, whoever holds the model', () => {
    const { state } = wait(seen, 'b', 10);
    const asked = askToAbort(state, 'b', 'ada', 'not needed');
    expect(asked.result).toBe('kept');
    expect(wait(asked.state, 'b', 10, 12).result).toEqual({ kind: 'aborted', by: 'ada', reason: 'not needed' });
    expect(renewClaim(asked.state, 'a', at(12)).result.abort).toBeNull();
    expect(releaseModel(asked.state, 'b').state).toMatchObject({ holder: 'a', waiting: null });
  });
});

describe('an abort', () => {
  it('waits until the holder reads it; the first one counts', () => {
    const asked = askToAbort(askToAbort(spent, 'a', 'ada', 'wrong data').state, 'a', 'bob', 'late').state;
    expect(renewClaim(asked, 'a', at(6)).result).toEqual({ abort: { by: 'ada', reason: 'wrong data' } });
  });

  it('of one that is not the holder changes nothing', () => {
    expect(askToAbort(spent, 'b', 'ada', 'r')).toEqual({ state: spent, result: 'not-holder' });
  });

  it('is gone with its retraining', () => {
    const free = releaseModel(askToAbort(spent, 'a', 'ada', 'r').state, 'a').state;
    expect(claim(free, 'b', 200).state.abort).toBeNull();
  });
});

describe('whatever the order of calls', () => {
  const step = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    kind: fc.constantFrom('claim', 'wait', 'spend', 'give back', 'release', 'renew'),
    after: fc.nat(30),
  });
  type Step = { readonly id: string; readonly kind: string };

  function apply(state: CoolDownState, { id, kind }: Step, minute: number): CoolDownState {
    if (kind === 'claim') return claim(state, id, minute).state;
    if (kind === 'wait') return wait(state, id, Math.max(0, minute - 5), minute).state;
    if (kind === 'release') return releaseModel(state, id).state;
    if (kind === 'renew') return renewClaim(state, id, at(minute)).state;
    if (kind === 'give back') return giveBack(state, id).state;
    return markSpent(state, id, at(minute)).state;
  }

  it('two jobs that exist are never started within the cool-down', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        let state = EMPTY_COOL_DOWN;
        let minute = 0;
        const starts: number[] = [];
        for (const { after, ...call } of steps) {
          minute += after;
          const next = apply(state, call, minute);
          if (call.kind === 'give back' && next !== state) starts.pop();
          if (call.kind === 'spend' && next !== state) starts.push(minute);
          state = next;
        }
        return starts.every((start, index) => index === 0 || start - (starts[index - 1] ?? 0) >= 60);
      }),
    );
  });
});
