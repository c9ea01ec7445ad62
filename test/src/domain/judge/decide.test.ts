/** The whole rule: decisions, guards, redelivery, degenerate rows, size. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../src/domain/judge/decide.ts';
import type { JudgeOptions } from '../../../../src/domain/judge/judge-options.ts';
import { type JudgeMemory, startMemory } from '../../../../src/domain/judge/judge-state.ts';
import { stepTraffic } from '../../../../src/domain/judge/step-traffic.ts';
import { evidenceAgainst } from '../../../../src/domain/judge/weigh-evidence.ts';
import { makeRollout } from '../../../bench/canary/generator/rollout.ts';
import { scenario } from '../../../bench/canary/generator/scenario.ts';
import {
  arm,
  begun,
  bucket,
  decided,
  failedMetrics,
  HISTORY,
  MINUTE_MS,
  NO_WARM_UP,
  repeat,
  run,
} from './a-rollout.ts';

const healthy = repeat(60, arm(200, 1), arm(200, 1));
const failing = repeat(20, arm(200, 8), arm(200, 1));
const slow = repeat(20, arm(200, 1, 49), arm(200, 1));

/** What the evidence alone says, by default at the last step with its dwell over. */
function kindOf(memory: JudgeMemory, options: JudgeOptions = NO_WARM_UP, situation = {}) {
  const judgedBuckets = memory.traffic.buckets;
  return decide(memory, options, { lastStep: true, dwellOver: true, judgedBuckets, ...situation }).kind;
}

describe('the decision', () => {
  it('promotes a healthy green at the last step, once soaked, and moves on before it', () => {
    const kinds = healthy.map((_, index) => kindOf(run(healthy.slice(0, index + 1))));
    const first = kinds.indexOf('promote');
    expect(first).toBeGreaterThanOrEqual(NO_WARM_UP.soakBuckets - 1);
    expect(kinds.slice(0, first).every((kind) => kind === 'continue')).toBe(true);
    expect(kindOf(run(healthy), NO_WARM_UP, { lastStep: false })).toBe('next-step');
    const early = { lastStep: false, dwellOver: false };
    expect(kindOf(run(healthy.slice(0, 30)), NO_WARM_UP, early)).toBe('continue');
  });

  it('rolls back more errors and says how many, how sure, and which metric', () => {
    const decision = decided(failing);
    expect(decision.kind).toBe('rollback');
    expect(failedMetrics(decision)).toEqual(['errors']);
    expect(decision.sentence).toContain('160 of 4,000 green requests failed, 20 of 4,000 blue ones');
    expect(decision.sentence).toMatch(/1 in [\d,]+ chance of this if green were within its margins/);
    expect(decision.sentence).toContain('1 of 2 metrics agree (errors)');
  });

  it('rolls back a slower green and describes the slow-down', () => {
    const decision = decided(slow);
    expect(decision.kind).toBe('rollback');
    expect(failedMetrics(decision)).toEqual(['latency']);
    expect(decision.basis?.leadingAlternative).toMatch(/requests about [\d.]+ times as slow/);
  });

  it('says how many requests are still wanted while it is undecided', () => {
    const decision = decided(repeat(5, arm(200, 4), arm(200, 1)));
    expect(decision.kind).toBe('continue');
    expect(decision.basis?.remainingRequests).toBeGreaterThan(100);
    expect(decision.sentence).toContain('more green requests would settle');
  });

  it('never promotes silently at the horizon: it holds, goes on or rolls back as told', () => {
    const few = repeat(60, arm(3, 0), arm(3, 0));
    expect(decided(few)).toMatchObject({
      kind: 'hold',
      sentence: expect.stringContaining('Undecided after 60 buckets'),
    });
    expect(decided(few, { onHorizon: 'extend' }).kind).toBe('continue');
    expect(decided(few, { onHorizon: 'rollback' }).kind).toBe('rollback');
  });

  it('leaves the warm-up out: a cold start is no regression', () => {
    const cold = repeat(3, arm(200, 40, 60), arm(200, 1));
    const warm = repeat(40, arm(200, 1), arm(200, 1)).slice(3);
    expect(kindOf(run([...cold, ...warm]))).toBe('rollback');
    const decision = decided([...cold, ...warm], { warmUpBuckets: 3 });
    expect(decision).toMatchObject({ kind: 'promote', basis: { bucketsUsed: 37, bucketsExcluded: 3 } });
  });

  it('finds a regression that begins late, after healthy buckets', () => {
    const late = [
      ...healthy.slice(0, 30),
      ...Array.from({ length: 20 }, (_, i) => bucket(30 + i, arm(200, 8), arm(200, 1))),
    ];
    expect(kindOf(run(late))).toBe('rollback');
  });

  it('has more evidence on errors and latency together than on either, where green is both', () => {
    const both = scenario({ name: 'both', about: '', n: 100, extraErrors: 0.01, slow: { share: 1, times: 1.2 } });
    const sums = { together: 0, errors: 0, latency: 0 };
    for (let seed = 1; seed <= 20; seed++) {
      const { buckets, history } = makeRollout(both, seed);
      const { metrics } = run(buckets.slice(0, 15), NO_WARM_UP, history);
      const { perMetric } = evidenceAgainst(metrics, NO_WARM_UP);
      sums.together += perMetric.together ?? 0;
      sums.errors += perMetric.errors ?? 0;
      sums.latency += perMetric.latency ?? 0;
    }
    expect(sums.together).toBeGreaterThan(Math.max(sums.errors, sums.latency));
  });
});

describe('the guards', () => {
  it('roll back a green without one success, but not in an outage that blue shares', () => {
    expect(decided(repeat(1, arm(20, 20), arm(20, 0)))).toMatchObject({
      kind: 'rollback',
      basis: { guard: 'no-success' },
    });
    expect(kindOf(run(repeat(5, arm(20, 20), arm(20, 20))))).not.toBe('rollback');
  });

  it('hold and then roll back when only the telemetry of green is lost', () => {
    const lost = (minutes: number) => decided(repeat(minutes, arm(0, 0), arm(200, 1))).kind;
    expect([lost(2), lost(3), lost(5), lost(6)]).toEqual(['continue', 'hold', 'hold', 'rollback']);
  });

  it('hold as long as nobody sends anything, and while blue is missing', () => {
    expect(decided(repeat(50, arm(0, 0), arm(0, 0)), {}, begun(arm(0, 0))).kind).toBe('hold');
    expect(decided(repeat(3, arm(50, 0), arm(0, 0)))).toMatchObject({
      kind: 'hold',
      basis: { guard: 'no-blue-requests' },
    });
  });
});

describe('the memory', () => {
  it('does not change when buckets are delivered again, in any order', () => {
    const good = [...failing.slice(0, 4), ...healthy.slice(4, 12)];
    const once = run(good);
    fc.assert(
      fc.property(fc.array(fc.nat(good.length - 1), { maxLength: 20 }), fc.nat(good.length), (again, from) => {
        const repeated = again.filter((index) => index < from).flatMap((index) => good.slice(index, index + 1));
        expect(run([...good.slice(0, from), ...repeated, ...good.slice(from)])).toEqual(once);
      }),
      { numRuns: 25 },
    );
  });

  it('is plain JSON of at most 8 kB that can be taken up again at any look', () => {
    const busy = repeat(60, arm(199_999, 1234), arm(187_654, 987));
    const state = run(busy, NO_WARM_UP, arm(123_457, 333));
    expect(JSON.stringify(state).length).toBeLessThan(8192);
    const resumed = busy
      .slice(30)
      .reduce(
        (before, one) => stepTraffic(JSON.parse(JSON.stringify(before)), one, NO_WARM_UP),
        run(busy.slice(0, 30), NO_WARM_UP, arm(123_457, 333)),
      );
    expect(resumed).toEqual(state);
  });

  it('knows time only as an order: moving all buckets changes no evidence', () => {
    const moved = failing.map((one) => ({ ...one, startMs: one.startMs + 1e12 }));
    const { traffic, metrics } = run(failing);
    const { lastStartMs: _, ...expected } = traffic;
    expect(run(moved)).toMatchObject({ traffic: expected, metrics });
  });

  it('finds more in more requests of the same shares', () => {
    const evidence = (n: number) =>
      evidenceAgainst(run(repeat(5, arm(n, n / 20), arm(n, n / 100))).metrics, NO_WARM_UP).log;
    expect(evidence(200)).toBeGreaterThan(evidence(100));
    expect(evidence(2000)).toBeGreaterThan(evidence(200));
  });

  it('counts latency in whichever order the bins are named', () => {
    const named = { 40: 50, 47: 100, 44: 50 };
    const reversed = Object.fromEntries(Object.entries(named).reverse());
    const one = run([bucket(0, { requests: 200, errors: 1, latency: named }, arm(200, 1))]);
    expect(run([bucket(0, { requests: 200, errors: 1, latency: reversed }, arm(200, 1))])).toEqual(one);
  });
});

describe('degenerate rows', () => {
  const cases = {
    'no data at all': repeat(30, arm(0, 0), arm(0, 0)),
    'no blue': repeat(30, arm(100, 1), arm(0, 0)),
    'all errors in both arms': repeat(30, arm(100, 100), arm(100, 100)),
    'no errors anywhere': repeat(30, arm(100, 0), arm(100, 0)),
    'counts of a billion': repeat(30, arm(1e9, 5e6), arm(1e9, 5e6)),
    'one latency for all': repeat(
      30,
      { requests: 50, errors: 0, latency: { 0: 50 } },
      { requests: 50, errors: 0, latency: { 0: 50 } },
    ),
    'no latency at all': repeat(30, { requests: 50, errors: 0, latency: {} }, { requests: 50, errors: 0, latency: {} }),
    'bins beyond the last': repeat(
      30,
      { requests: 50, errors: 0, latency: { 999: 50 } },
      { requests: 50, errors: 0, latency: { 999: 50 } },
    ),
  };

  it.each(Object.entries(cases))('%s: finite numbers, no rollback', (_, buckets) => {
    for (const history of [HISTORY, arm(0, 0)]) {
      const memory = run(buckets, NO_WARM_UP, history);
      expect(kindOf(memory)).not.toBe('rollback');
      const decision = decided(buckets, {}, begun(history));
      for (const value of [decision.basis?.logEvidence, decision.basis?.logAssurance]) {
        expect(Number.isFinite(value)).toBe(true);
      }
      const { predictions, outcomes, ...metrics } = memory.metrics;
      expect([predictions, outcomes]).toEqual([null, null]);
      expect(JSON.stringify({ ...memory, metrics })).not.toContain('null');
      expect(decision.sentence).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('rolls back green when it alone fails always, even at a billion requests', () => {
    const decision = decided(repeat(2, arm(1e9, 1e9), arm(1e9, 0)));
    expect(decision.kind).toBe('rollback');
    expect(Number.isFinite(decision.basis?.logEvidence)).toBe(true);
  });

  it.each([
    [{ requests: Number.NaN, errors: 0, latency: {} }, "green's requests are NaN"],
    [{ requests: 5, errors: 9, latency: {} }, 'green has more errors (9) than requests (5)'],
    [{ requests: 5, errors: -1, latency: {} }, "green's errors are -1"],
    [{ requests: 5, errors: 0, latency: { 3: 9 } }, 'green has more latencies (9) than requests (5)'],
    [{ requests: 5, errors: 0, latency: { slow: 2 } }, 'latency bin "slow" is no bin'],
  ])('refuses a bucket that cannot be true and names it', (green, problem) => {
    const step = () => stepTraffic(startMemory(HISTORY), bucket(7, green, arm(5, 0)), NO_WARM_UP);
    expect(step).toThrow(problem);
    expect(step).toThrow(String(7 * MINUTE_MS));
  });
});
