import { describe, expect, it } from 'vitest';
import { judge, type Look } from '../../../../src/domain/judge/judge.ts';
import { type JudgeState, startJudge } from '../../../../src/domain/judge/judge-state.ts';
import type { JudgedStretch } from '../../../../src/domain/judge/judged-stretch.ts';
import { NOTHING_READ } from '../../../../src/domain/judge/reading/answers.ts';
import {
  type ArmCounts,
  binOf,
  NO_REQUESTS,
  type TrafficBucket,
} from '../../../../src/domain/judge/reading/traffic-bucket.ts';
import { aPolicy } from '../a-policy.ts';

const MINUTE = 60_000;
const policy = aPolicy().canary;
const stretch: JudgedStretch = { phase: 'watching', sinceMs: 0, dwellBuckets: 5, lastStep: false, blueServed: true };
const FLOOR = { errors: 1, latency: 1, source: 'floor' } as const;

function arm(requests: number, errors: number, latencyMs: number): ArmCounts {
  const answered = requests - errors;
  return { requests, errors, latency: answered === 0 ? {} : { [binOf(latencyMs)]: answered } };
}

const fresh = startJudge(stretch, { traffic: arm(20_000, 20, 80), buckets: 120, designEffects: FLOOR });
const unknown = startJudge(stretch, { traffic: NO_REQUESTS, buckets: 0, designEffects: FLOOR });

function buckets(count: number, green: ArmCounts, blue: ArmCounts, from = 0): TrafficBucket[] {
  return Array.from({ length: count }, (_, index) => ({ startMs: (from + index) * MINUTE, green, blue }));
}

function look(list: readonly TrafficBucket[], changes: Partial<Look> = {}): Look {
  return { policy, stretch, buckets: list, answers: NOTHING_READ, shiftAccepted: false, ...changes };
}

const good = (count: number, from = 0) => buckets(count, arm(300, 0, 80), arm(300, 0, 80), from);

describe('the judge', () => {
  it('continues while the dwell is not over', () => {
    const { decision } = judge(look(good(2)), fresh);
    expect(decision).toMatchObject({ kind: 'continue', sentence: expect.stringContaining('2 of 5 buckets') });
  });

  it('goes to the next step when every metric passed, and promotes after the last', () => {
    const step = judge(look(good(5)), fresh).decision;
    expect(step.kind).toBe('next-step');
    expect(step.verdicts.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    expect(judge(look(good(5), { stretch: { ...stretch, lastStep: true } }), fresh).decision.kind).toBe('promote');
  });

  it('needs less certainty for a step than for the promotion', () => {
    const few = buckets(5, arm(80, 0, 80), arm(80, 0, 80));
    expect(judge(look(few), fresh).decision.kind).toBe('next-step');
    const last = judge(look(few, { stretch: { ...stretch, lastStep: true } }), fresh).decision;
    expect(last).toMatchObject({ kind: 'continue', verdicts: [{ metric: 'errors', verdict: 'inconclusive' }, {}] });
  });

  it('does not promote before the soak, however certain it is', () => {
    const soaking = { ...policy, soakBuckets: 8 };
    const last = { ...stretch, lastStep: true };
    expect(judge(look(good(7), { policy: soaking, stretch: last }), fresh).decision.kind).toBe('continue');
    expect(judge(look(good(8), { policy: soaking, stretch: last }), fresh).decision.kind).toBe('promote');
  });

  it('rolls back on errors before the dwell is over, with the numbers, the chance and the metrics in the sentence', () => {
    const { decision } = judge(look(buckets(1, arm(200, 30, 80), arm(800, 2, 80))), fresh);
    expect(decision.kind).toBe('rollback');
    expect(decision.sentence).toMatch(
      /errors about \d+ % of requests beyond what is tolerated; less than 1 in [\d,]+ chance/,
    );
    expect(decision.sentence).toContain('1 of 2 metrics agree (errors); 30 of 200 green requests failed, 2 of 800');
    expect(decision.verdicts.map(({ metric, verdict }) => `${metric} ${verdict}`)).toContain('errors fail');
  });

  it('rolls back when green is four times slower', () => {
    const { decision } = judge(look(buckets(1, arm(60, 0, 320), arm(600, 0, 80))), fresh);
    expect(decision).toMatchObject({ kind: 'rollback', sentence: expect.stringContaining('times as slow') });
    expect(decision.verdicts[1]).toMatchObject({ verdict: 'fail', sentence: expect.stringContaining('p95 is 3') });
  });

  it('does not mind a green that is 5 % slower', () => {
    expect(judge(look(buckets(5, arm(2000, 0, 84), arm(2000, 0, 80))), fresh).decision.kind).toBe('next-step');
  });

  it('does not mind errors that both arms have', () => {
    const { decision } = judge(look(buckets(5, arm(2000, 200, 80), arm(2000, 200, 80))), fresh);
    expect(decision.kind).not.toBe('rollback');
  });

  it('decides without a history of blue, and later', () => {
    expect(judge(look(good(5)), unknown).decision.kind).not.toBe('rollback');
    expect(judge(look(buckets(3, arm(200, 30, 80), arm(800, 2, 80))), unknown).decision.kind).toBe('rollback');
  });

  it('says what the decision rests on', () => {
    const warm = { ...policy, warmUpBuckets: 2 };
    const { basis } = judge(look(good(6), { policy: warm }), fresh).decision;
    expect(basis).toMatchObject({ bucketsUsed: 4, bucketsExcluded: 2, designEffects: FLOOR, guard: null });
    expect(Object.values(basis ?? {}).every((value) => typeof value !== 'number' || Number.isFinite(value))).toBe(true);
  });
});

describe('undecided at the horizon', () => {
  const rare = buckets(60, arm(3, 0, 80), arm(30, 0, 80));

  it.each([
    ['extend', 'continue'],
    ['hold', 'hold'],
    ['rollback', 'rollback'],
  ] as const)('a rollout that should %s does: %s', (onHorizon, kind) => {
    const { decision } = judge(look(rare, { policy: { ...policy, onHorizon } }), fresh);
    expect(decision.kind).toBe(kind);
  });

  it('is not yet reached while the dwell is not over', () => {
    const bake: JudgedStretch = { ...stretch, phase: 'baking', dwellBuckets: 80, lastStep: true };
    expect(judge(look(rare, { stretch: bake }), fresh).decision.kind).toBe('continue');
  });

  it('a fresh horizon begins after a long healthy wait, so that a late regression still shows at once', () => {
    const waited = judge(look(good(240)), fresh);
    const late = judge(look(buckets(2, arm(300, 12, 80), arm(300, 0, 80), 240)), waited.state);
    expect(late.decision).toMatchObject({ kind: 'rollback', basis: { bucketsUsed: 242 } });
  });
});

describe('memory', () => {
  it('counts a redelivered bucket once', () => {
    const list = buckets(3, arm(100, 1, 80), arm(100, 1, 80));
    const once = judge(look(list), fresh);
    expect(judge(look([...list, ...list]), once.state).state).toEqual(once.state);
  });

  it('gives the same answer bucket by bucket as all at once', () => {
    const list = buckets(4, arm(90, 1, 100), arm(200, 2, 90));
    const whole = judge(look(list), fresh);
    let state: JudgeState = fresh;
    for (const bucket of list) state = judge(look([bucket]), state).state;
    expect(state).toEqual(whole.state);
  });

  it('keeps its evidence when the share changes, and starts the dwell anew', () => {
    const before = judge(look(buckets(5, arm(20, 0, 80), arm(980, 0, 80))), fresh).state;
    const next = look(buckets(1, arm(500, 0, 80), arm(500, 0, 80), 6), {
      stretch: { ...stretch, sinceMs: 6 * MINUTE },
    });
    const { state, decision } = judge(next, before);
    expect(state).toMatchObject({ buckets: 1, green: { requests: 500 } });
    expect(decision.basis).toMatchObject({ bucketsUsed: 6 });
    expect(state.metrics.errors.assurance).toBeGreaterThan(before.metrics.errors.assurance);
  });

  it('survives JSON without a difference', () => {
    const { state } = judge(look(good(5)), fresh);
    expect(judge(look(good(2, 5)), JSON.parse(JSON.stringify(state)))).toEqual(judge(look(good(2, 5)), state));
  });

  it('stays small', () => {
    const wide = Object.fromEntries(Array.from({ length: 140 }, (_, bin) => [bin, 123_457]));
    const busy: ArmCounts = { requests: 140 * 123_457, errors: 0, latency: wide };
    const { state } = judge(look(buckets(100, busy, busy)), fresh);
    expect(JSON.stringify({ traffic: state.traffic, metrics: state.metrics }).length).toBeLessThan(8192);
    expect(JSON.stringify(state).length).toBeLessThan(16_384);
  });

  it('refuses a bucket that cannot be true, and names it', () => {
    const impossible = buckets(1, { requests: 1, errors: 2, latency: {} }, arm(1, 0, 80));
    expect(() => judge(look(impossible), fresh)).toThrow(/starts at 0 .*more errors/);
  });
});

describe('the bake', () => {
  const baking: JudgedStretch = { ...stretch, phase: 'baking', sinceMs: 6 * MINUTE, dwellBuckets: 2, lastStep: true };
  const watched = judge(look(good(5)), fresh).state;

  it("compares green with blue's copies", () => {
    const both = [...buckets(5, arm(300, 0, 400), arm(100, 0, 400), 6), ...good(5, 11)];
    const shared = judge(look(both, { stretch: baking }), watched).decision;
    expect(shared.kind).toBe('promote');
    const slow = buckets(1, arm(300, 0, 400), arm(100, 0, 80), 6);
    expect(judge(look(slow, { stretch: baking }), watched).decision.kind).toBe('rollback');
  });

  it('holds when blue should have copies and has none', () => {
    const alone = buckets(6, arm(300, 0, 80), NO_REQUESTS, 6);
    const { decision } = judge(look(alone, { stretch: baking }), watched);
    expect(decision).toMatchObject({ kind: 'hold', verdicts: [{ cause: 'no-blue-requests' }, {}] });
  });

  it('without copies for blue compares green with blue as it was', () => {
    const alone = { ...baking, blueServed: false };
    const fine = judge(look(buckets(2, arm(300, 0, 80), NO_REQUESTS, 6), { stretch: alone }), watched);
    expect(fine.decision.kind).toBe('promote');
    const slow = judge(look(buckets(1, arm(300, 0, 400), NO_REQUESTS, 6), { stretch: alone }), watched);
    expect(slow.decision.kind).toBe('rollback');
    const failing = judge(look(buckets(1, arm(300, 300, 80), NO_REQUESTS, 6), { stretch: alone }), watched);
    expect(failing.decision.kind).toBe('rollback');
  });
});

describe('guards', () => {
  it('a green that never answers is rolled back within the warm-up', () => {
    const warm = { ...policy, warmUpBuckets: 3 };
    const { decision } = judge(look(buckets(1, arm(20, 20, 0), arm(80, 0, 80)), { policy: warm }), fresh);
    expect(decision).toMatchObject({ kind: 'rollback', basis: { guard: 'no-success', bucketsExcluded: 1 } });
    expect(decision.verdicts[0]).toMatchObject({ metric: 'errors', verdict: 'fail' });
  });

  it('a slow start within the warm-up is no regression', () => {
    const warm = { ...policy, warmUpBuckets: 3 };
    const list = [...buckets(3, arm(300, 0, 900), arm(300, 0, 80)), ...good(5, 3)];
    expect(judge(look(list, { policy: warm }), fresh).decision.kind).toBe('next-step');
  });
});

describe('missing data', () => {
  it('holds first, then rolls back', () => {
    const seen = judge(look(good(1)), fresh).state;
    const held = judge(look(buckets(3, NO_REQUESTS, NO_REQUESTS, 1)), seen);
    expect(held.decision).toMatchObject({
      kind: 'hold',
      verdicts: [{ verdict: 'no-data', cause: 'telemetry-lost' }, {}],
    });
    const lost = judge(look(buckets(3, NO_REQUESTS, NO_REQUESTS, 4)), held.state).decision;
    expect(lost).toMatchObject({ kind: 'rollback', verdicts: [{ verdict: 'no-data' }, { verdict: 'no-data' }] });
  });

  it('in the first hour of a new endpoint is not a failure', () => {
    const { decision, state } = judge(look(buckets(59, NO_REQUESTS, NO_REQUESTS)), unknown);
    expect(decision).toMatchObject({ kind: 'hold', verdicts: [{ cause: 'no-rows-yet' }, {}] });
    expect(judge(look(buckets(1, NO_REQUESTS, NO_REQUESTS, 59)), state).decision.kind).toBe('rollback');
  });

  it('of green alone is named', () => {
    const { decision } = judge(look(buckets(3, NO_REQUESTS, arm(100, 0, 80))), fresh);
    expect(decision.verdicts[0]).toMatchObject({ verdict: 'no-data', cause: 'no-green-requests' });
  });

  it('never passes', () => {
    for (const stretchOf of [stretch, { ...stretch, lastStep: true }]) {
      const none = judge(look(buckets(200, NO_REQUESTS, NO_REQUESTS), { stretch: stretchOf }), fresh);
      expect(none.decision.kind).toBe('rollback');
    }
  });
});
