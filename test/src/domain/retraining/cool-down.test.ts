/** Who may retrain a model: one at a time, and not again until the cool-down is over; holders that died are replaced. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askToAbort,
  type CoolDownState,
  claimModel,
  EMPTY_COOL_DOWN,
  markSpent,
  releaseModel,
  renewClaim,
} from '../../../../src/domain/retraining/cool-down.ts';

const START_MS = Date.UTC(2026, 2, 1, 12);
const at = (minutes: number) => new Date(START_MS + minutes * 60_000).toISOString();

function claim(state: CoolDownState, retrainingId: string, minutes: number, ignoreCoolDown = false) {
  return claimModel(state, { retrainingId, nowIso: at(minutes), coolDownSeconds: 3600, ignoreCoolDown });
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

  it('is taken from a holder that gave no sign of life for two hours, which is told so when it comes back', () => {
    expect(claim(spent, 'b', 119).result).toEqual({ kind: 'busy', holder: 'a' });
    const replaced = claim(spent, 'b', 121);
    expect(replaced.result).toEqual({ kind: 'granted' });
    expect(renewClaim(replaced.state, 'a', at(122)).result.abort).toMatchObject({
      by: 'slipway',
      reason: expect.stringContaining('(b) took its place'),
    });
    expect(releaseModel(replaced.state, 'a').state.holder).toBe('b');
  });

  it('stays with a holder that gives signs of life', () => {
    const renewed = renewClaim(spent, 'a', at(100)).state;
    expect(claim(renewed, 'b', 200).result).toEqual({ kind: 'busy', holder: 'a' });
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
  const ids = fc.constantFrom('a', 'b', 'c');
  const step = fc.record({ id: ids, kind: fc.constantFrom('claim', 'spend', 'release', 'renew'), after: fc.nat(30) });

  it('two jobs are never started within the cool-down', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state = EMPTY_COOL_DOWN;
        let minute = 0;
        const starts: number[] = [];
        for (const { id, kind, after } of steps) {
          minute += after;
          if (kind === 'claim') state = claim(state, id, minute).state;
          if (kind === 'release') state = releaseModel(state, id).state;
          if (kind === 'renew') state = renewClaim(state, id, at(minute)).state;
          if (kind !== 'spend') continue;
          const marked = markSpent(state, id, at(minute));
          if (marked.state.lastSpentIso !== state.lastSpentIso) starts.push(minute);
          state = marked.state;
        }
        return starts.every((start, index) => index === 0 || start - (starts[index - 1] ?? 0) >= 60);
      }),
    );
  });
});
