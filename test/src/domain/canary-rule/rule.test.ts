/** The whole rule: decisions, guards, redelivery, degenerate rows, size. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combineEvidence, guiltyMetrics } from '../../../../src/domain/canary/rule/combined-evidence.ts';
import { decideKind, decideRule } from '../../../../src/domain/canary/rule/decide-rule.ts';
import { DEFAULT_RULE_OPTIONS } from '../../../../src/domain/canary/rule/rule-options.ts';
import { startRule } from '../../../../src/domain/canary/rule/rule-state.ts';
import { stepRule } from '../../../../src/domain/canary/rule/step-rule.ts';
import { makeRollout } from '../../../bench/canary/generator/rollout.ts';
import { scenario } from '../../../bench/canary/generator/scenario.ts';
import { arm, bucket, HISTORY, MINUTE_MS, NO_WARM_UP, repeat, run } from './a-rollout.ts';

const healthy = repeat(60, arm(200, 1), arm(200, 1));
const failing = repeat(20, arm(200, 8), arm(200, 1));
const slow = repeat(20, arm(200, 1, 49), arm(200, 1));

describe('the decision', () => {
  it('promotes a healthy green at the last step, once soaked, and moves on before it', () => {
    const kinds = healthy.map((_, index) => decideKind(run(healthy.slice(0, index + 1)), NO_WARM_UP));
    const first = kinds.indexOf('promote');
    expect(first).toBeGreaterThanOrEqual(NO_WARM_UP.soakLooks - 1);
    expect(kinds.slice(0, first).every((kind) => kind === 'continue')).toBe(true);
    const situation = { lastStep: false, dwellOver: true, crashLooping: false };
    expect(decideKind(run(healthy), NO_WARM_UP, situation)).toBe('next-step');
    expect(decideKind(run(healthy.slice(0, 30)), NO_WARM_UP, { ...situation, dwellOver: false })).toBe('continue');
  });

  it('rolls back more errors and says how many, how sure, and which metric', () => {
    const decision = decideRule(run(failing), NO_WARM_UP);
    expect(decision).toMatchObject({ kind: 'rollback', guilty: ['errors'] });
    expect(decision.sentence).toContain('160 of 4,000 green requests failed, 20 of 4,000 blue ones');
    expect(decision.sentence).toMatch(/1 in [\d,]+ chance of this if green were within its margins/);
    expect(decision.sentence).toContain('1 of 2 metrics agree (errors)');
  });

  it('rolls back a slower green and describes the slow-down', () => {
    const decision = decideRule(run(slow), NO_WARM_UP);
    expect(decision).toMatchObject({ kind: 'rollback', guilty: ['latency'] });
    expect(decision.leadingAlternative).toMatch(/requests about [\d.]+ times as slow/);
  });

  it('says how many requests are still wanted while it is undecided', () => {
    const decision = decideRule(run(repeat(5, arm(200, 4), arm(200, 1))), NO_WARM_UP);
    expect(decision.kind).toBe('continue');
    expect(decision.remainingRequests).toBeGreaterThan(100);
    expect(decision.sentence).toContain('more green requests would settle');
  });

  it('never promotes silently at the horizon: it holds, goes on or rolls back as told', () => {
    const state = run(repeat(60, arm(3, 0), arm(3, 0)));
    expect(decideRule(state, NO_WARM_UP)).toMatchObject({
      kind: 'hold',
      sentence: expect.stringContaining('Undecided after 60 buckets'),
    });
    expect(decideKind(state, { ...NO_WARM_UP, atHorizon: 'extend' })).toBe('continue');
    expect(decideKind(state, { ...NO_WARM_UP, atHorizon: 'rollback' })).toBe('rollback');
  });

  it('leaves the warm-up out: a cold start is no regression', () => {
    const cold = repeat(3, arm(200, 40, 60), arm(200, 1));
    const warm = repeat(40, arm(200, 1), arm(200, 1)).slice(3);
    expect(decideKind(run([...cold, ...warm], NO_WARM_UP), NO_WARM_UP)).toBe('rollback');
    const decision = decideRule(run([...cold, ...warm], DEFAULT_RULE_OPTIONS), DEFAULT_RULE_OPTIONS);
    expect(decision).toMatchObject({ kind: 'promote', bucketsUsed: 37, bucketsExcluded: 3 });
  });

  it('finds a regression that begins late, after healthy buckets', () => {
    const late = [
      ...healthy.slice(0, 30),
      ...Array.from({ length: 20 }, (_, i) => bucket(30 + i, arm(200, 8), arm(200, 1))),
    ];
    expect(decideKind(run(late), NO_WARM_UP)).toBe('rollback');
  });

  it('has more evidence on errors and latency together than on either, where green is both', () => {
    const both = scenario({ name: 'both', about: '', n: 100, extraErrors: 0.01, slow: { share: 1, times: 1.2 } });
    const sums = { together: 0, errors: 0, latency: 0 };
    for (let seed = 1; seed <= 20; seed++) {
      const { buckets, history } = makeRollout(both, seed);
      const { together, perMetric } = combineEvidence(
        run(buckets.slice(0, 15), NO_WARM_UP, { traffic: history }),
        NO_WARM_UP,
      );
      sums.together += together;
      sums.errors += perMetric.errors;
      sums.latency += perMetric.latency;
    }
    expect(sums.together).toBeGreaterThan(Math.max(sums.errors, sums.latency));
  });
});

describe('the guards', () => {
  it('roll back a green without one success, but not in an outage that blue shares', () => {
    expect(decideRule(run(repeat(1, arm(20, 20), arm(20, 0))), NO_WARM_UP)).toMatchObject({
      kind: 'rollback',
      guard: 'no-success',
    });
    expect(decideKind(run(repeat(5, arm(20, 20), arm(20, 20))), NO_WARM_UP)).not.toBe('rollback');
  });

  it('roll back a crash loop at once', () => {
    const situation = { lastStep: true, dwellOver: true, crashLooping: true };
    expect(decideRule(run([]), NO_WARM_UP, situation)).toMatchObject({ kind: 'rollback', guard: 'crash-loop' });
  });

  it('hold and then roll back when only the telemetry of green is lost', () => {
    const lost = (minutes: number) => decideKind(run(repeat(minutes, arm(0, 0), arm(200, 1))), NO_WARM_UP);
    expect([lost(2), lost(3), lost(5), lost(6)]).toEqual(['continue', 'hold', 'hold', 'rollback']);
  });

  it('hold as long as nobody sends anything, and while blue is missing', () => {
    expect(decideKind(run(repeat(50, arm(0, 0), arm(0, 0))), NO_WARM_UP)).toBe('hold');
    expect(decideRule(run(repeat(3, arm(50, 0), arm(0, 0))), NO_WARM_UP)).toMatchObject({ guard: 'no-blue-requests' });
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
    const state = run(busy, NO_WARM_UP, { traffic: arm(123_457, 333) });
    expect(JSON.stringify(state).length).toBeLessThan(8192);
    const resumed = busy
      .slice(30)
      .reduce(
        (before, one) => stepRule(JSON.parse(JSON.stringify(before)), one, NO_WARM_UP),
        run(busy.slice(0, 30), NO_WARM_UP, { traffic: arm(123_457, 333) }),
      );
    expect(resumed).toEqual(state);
  });

  it('knows time only as an order: moving all buckets changes no evidence', () => {
    const moved = failing.map((one) => ({ ...one, startMs: one.startMs + 1e12 }));
    const { lastStartMs: _, ...expected } = run(failing);
    expect(run(moved)).toMatchObject(expected);
  });

  it('finds more in more requests of the same shares', () => {
    const evidence = (n: number) => combineEvidence(run(repeat(5, arm(n, n / 20), arm(n, n / 100))), NO_WARM_UP).log;
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
    for (const history of [HISTORY, { traffic: arm(0, 0) }]) {
      const decision = decideRule(run(buckets, NO_WARM_UP, history), NO_WARM_UP);
      expect(decision.kind).not.toBe('rollback');
      for (const value of [decision.logEvidence, decision.logAssurance]) expect(Number.isFinite(value)).toBe(true);
      expect(JSON.stringify({ ...run(buckets, NO_WARM_UP, history), outcomes: [] })).not.toContain('null');
      expect(decision.sentence).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('rolls back green when it alone fails always, even at a billion requests', () => {
    const decision = decideRule(run(repeat(2, arm(1e9, 1e9), arm(1e9, 0))), NO_WARM_UP);
    expect(decision.kind).toBe('rollback');
    expect(Number.isFinite(decision.logEvidence)).toBe(true);
  });

  it.each([
    [{ requests: Number.NaN, errors: 0, latency: {} }, "green's requests are NaN"],
    [{ requests: 5, errors: 9, latency: {} }, 'green has more errors (9) than requests (5)'],
    [{ requests: 5, errors: -1, latency: {} }, "green's errors are -1"],
    [{ requests: 5, errors: 0, latency: { 3: 9 } }, 'green has more latencies (9) than requests (5)'],
    [{ requests: 5, errors: 0, latency: { slow: 2 } }, 'latency bin "slow" is no bin'],
  ])('refuses a bucket that cannot be true and names it', (green, problem) => {
    const step = () => stepRule(startRule(HISTORY), bucket(7, green, arm(5, 0)), NO_WARM_UP);
    expect(step).toThrow(problem);
    expect(step).toThrow(String(7 * MINUTE_MS));
  });
});

describe('the naming of guilty metrics', () => {
  it('is e-BH: the largest k whose k-th e-value reaches K / (k q)', () => {
    const log = (e: number) => Math.log(e);
    expect(guiltyMetrics({ errors: log(61), latency: log(1), outcomes: log(1) }, 0.05)).toEqual(['errors']);
    expect(guiltyMetrics({ errors: log(59), latency: log(1), outcomes: log(1) }, 0.05)).toEqual([]);
    expect(guiltyMetrics({ errors: log(31), latency: log(31), outcomes: log(1) }, 0.05)).toEqual(['errors', 'latency']);
    expect(guiltyMetrics({ errors: log(21), latency: log(21), outcomes: log(21) }, 0.05)).toHaveLength(3);
  });
});
