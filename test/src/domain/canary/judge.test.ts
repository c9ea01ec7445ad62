import { describe, expect, it } from 'vitest';
import { type JudgeState, judge } from '../../../../src/domain/canary/judge.ts';
import type { Look } from '../../../../src/domain/canary/judge-contract.ts';
import {
  type ArmCounts,
  addCounts,
  binOf,
  quantileMs,
  type TrafficBucket,
  upperEdgeMs,
} from '../../../../src/domain/canary/traffic-buckets.ts';
import { aPolicy } from '../a-policy.ts';

const MINUTE = 60_000;
const policy = aPolicy().canary;
const stretch = { phase: 'watching', sinceMs: 0, dwellBuckets: 5, lastStep: false } as const;

function arm(requests: number, errors: number, latencyMs: number): ArmCounts {
  return { requests, errors, latency: requests === 0 ? {} : { [binOf(latencyMs)]: requests } };
}

function buckets(count: number, green: ArmCounts, blue: ArmCounts, from = 0): TrafficBucket[] {
  return Array.from({ length: count }, (_, index) => ({ startMs: (from + index) * MINUTE, green, blue }));
}

function look(list: readonly TrafficBucket[], changes: Partial<Look> = {}): Look {
  return { policy, stretch, buckets: list, ...changes };
}

describe('the judge', () => {
  it('continues while the dwell is not over', () => {
    const { decision } = judge(look(buckets(2, arm(200, 0, 80), arm(200, 0, 80))), null);
    expect(decision).toMatchObject({ kind: 'continue', sentence: expect.stringContaining('2 of 5 buckets') });
  });

  it('goes to the next step when every metric passed, and promotes after the last', () => {
    const good = buckets(5, arm(300, 0, 80), arm(300, 0, 80));
    expect(judge(look(good), null).decision.kind).toBe('next-step');
    expect(judge(look(good, { stretch: { ...stretch, lastStep: true } }), null).decision.kind).toBe('promote');
  });

  it('rolls back on errors before the dwell is over, with the numbers in the sentence', () => {
    const { decision } = judge(look(buckets(1, arm(200, 30, 80), arm(800, 2, 80))), null);
    expect(decision).toMatchObject({
      kind: 'rollback',
      sentence: expect.stringContaining('30 of 200 green requests failed'),
    });
    expect(decision.verdicts.map(({ metric, verdict }) => `${metric} ${verdict}`)).toContain('errors fail');
  });

  it('rolls back when green is four times slower', () => {
    const { decision } = judge(look(buckets(1, arm(60, 0, 320), arm(600, 0, 80))), null);
    expect(decision).toMatchObject({ kind: 'rollback', sentence: expect.stringContaining('Green is slower') });
  });

  it('does not mind a green that is 5 % slower', () => {
    const { decision } = judge(look(buckets(5, arm(2000, 0, 84), arm(2000, 0, 80))), null);
    expect(decision.kind).toBe('next-step');
  });

  it('does not mind errors that both arms have', () => {
    const { decision } = judge(look(buckets(5, arm(2000, 200, 80), arm(2000, 200, 80))), null);
    expect(decision.kind).not.toBe('rollback');
  });

  it('keeps its share and calls a person when it stays undecided', () => {
    const { decision } = judge(look(buckets(25, arm(3, 0, 80), arm(30, 0, 80))), null);
    expect(decision.kind).toBe('hold');
  });

  it('counts a redelivered bucket once', () => {
    const list = buckets(3, arm(100, 1, 80), arm(100, 1, 80));
    const once = judge(look(list), null);
    const twice = judge(look([...list, ...list]), once.state);
    expect(twice.state).toEqual(once.state);
  });

  it('gives the same answer bucket by bucket as all at once', () => {
    const list = buckets(4, arm(90, 1, 100), arm(200, 2, 90));
    const whole = judge(look(list), null);
    let state: JudgeState | null = null;
    for (const bucket of list) state = judge(look([bucket]), state).state;
    expect(state).toEqual(whole.state);
  });

  it('starts anew with each stretch, so a changed share never mixes in', () => {
    const before = judge(look(buckets(5, arm(10, 0, 80), arm(990, 0, 80))), null).state;
    const next = look(buckets(1, arm(500, 25, 80), arm(500, 25, 80), 6), {
      stretch: { ...stretch, sinceMs: 6 * MINUTE },
    });
    expect(judge(next, before).state).toMatchObject({ buckets: 1, green: { requests: 500 } });
  });

  it('compares the bake with blue as it was', () => {
    const watched = judge(look(buckets(5, arm(300, 0, 80), arm(300, 0, 80))), null).state;
    const baking = { phase: 'baking', sinceMs: 6 * MINUTE, dwellBuckets: 2, lastStep: true } as const;
    const slow = judge(look(buckets(1, arm(300, 0, 400), arm(0, 0, 0), 6), { stretch: baking }), watched);
    expect(slow.decision.kind).toBe('rollback');
    const fine = judge(look(buckets(2, arm(300, 0, 80), arm(0, 0, 0), 6), { stretch: baking }), watched);
    expect(fine.decision.kind).toBe('promote');
  });
});

describe('missing data', () => {
  it('holds first, then rolls back', () => {
    const seen = judge(look(buckets(1, arm(50, 0, 80), arm(50, 0, 80))), null).state;
    const held = judge(look(buckets(3, arm(0, 0, 0), arm(0, 0, 0), 1)), seen);
    expect(held.decision).toMatchObject({
      kind: 'hold',
      verdicts: [{ verdict: 'no-data', cause: 'telemetry-lost' }, {}],
    });
    expect(judge(look(buckets(3, arm(0, 0, 0), arm(0, 0, 0), 4)), held.state).decision.kind).toBe('rollback');
  });

  it('in the first hour of a new endpoint is not a failure', () => {
    const { decision, state } = judge(look(buckets(59, arm(0, 0, 0), arm(0, 0, 0))), null);
    expect(decision).toMatchObject({ kind: 'hold', verdicts: [{ cause: 'no-rows-yet' }, {}] });
    expect(judge(look(buckets(1, arm(0, 0, 0), arm(0, 0, 0), 59)), state).decision.kind).toBe('rollback');
  });

  it('of green alone is named', () => {
    const { decision } = judge(look(buckets(3, arm(0, 0, 0), arm(100, 0, 80))), null);
    expect(decision.verdicts[0]).toMatchObject({ verdict: 'no-data', cause: 'no-green-requests' });
  });

  it('never passes', () => {
    const none = judge(look(buckets(200, arm(0, 0, 0), arm(0, 0, 0))), null);
    expect(['hold', 'rollback']).toContain(none.decision.kind);
  });
});

describe('latency bins', () => {
  it('cover (lower, upper] and grow by 10.4 %', () => {
    for (const bin of [0, 1, 7, 44, 80]) {
      expect(binOf(upperEdgeMs(bin) * 0.9999)).toBe(bin);
      expect(binOf(upperEdgeMs(bin) * 1.0001)).toBe(bin + 1);
    }
  });

  it('add up without loss and give quantiles', () => {
    const sum = addCounts(
      { requests: 2, errors: 1, latency: { 3: 2 } },
      { requests: 3, errors: 0, latency: { 3: 1, 9: 2 } },
    );
    expect(sum).toEqual({ requests: 5, errors: 1, latency: { 3: 3, 9: 2 } });
    expect(quantileMs(sum.latency, 0.5)).toBe(upperEdgeMs(3));
    expect(quantileMs(sum.latency, 0.95)).toBe(upperEdgeMs(9));
    expect(quantileMs({}, 0.5)).toBeNull();
  });
});
