/** Outcomes: a stream of its own that finds losses, assures promotion, and refuses what cannot be true. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addValues, NO_VALUES, type ValueSums } from '../../../../../../src/domain/evidence/value-sums.ts';
import { judge } from '../../../../../../src/domain/judge/judge.ts';
import type { Terms } from '../../../../../../src/domain/judge/metrics/metric.ts';
import type { OutcomeBucket } from '../../../../../../src/domain/judge/metrics/outcomes/outcome-buckets.ts';
import type { OutcomePolicy } from '../../../../../../src/domain/judge/metrics/outcomes/outcome-value.ts';
import { type OutcomeState, outcomes } from '../../../../../../src/domain/judge/metrics/outcomes/outcomes.ts';
import { NOTHING_READ } from '../../../../../../src/domain/judge/reading/answers.ts';
import { arm, begun, failedMetrics, LAST_STEP, MINUTE_MS, NO_WARM_UP_POLICY, repeat, run } from '../../a-rollout.ts';
import {
  begin,
  hitsOf,
  MEAN,
  meanOf,
  outcomesAt,
  RATE,
  repeatOutcomes,
  runOutcomes,
  termsOf,
} from './some-outcomes.ts';

const ROLLBACK = Math.log(20);
const healthy = repeat(60, arm(200, 1), arm(200, 1));
const losing = repeatOutcomes(30, hitsOf(40, 200), hitsOf(60, 200));

function evidence(buckets: readonly OutcomeBucket[], terms: Terms<OutcomePolicy>, history?: ValueSums): number {
  return outcomes.evidence(runOutcomes(buckets, terms, begin(history)), terms);
}

/** The decision after an hour of healthy traffic and these outcomes. */
function decided(wanted: OutcomePolicy, buckets: readonly OutcomeBucket[], history = hitsOf(3000, 10_000)) {
  return decidedWith(wanted, runOutcomes(buckets, termsOf(wanted), begin(history)));
}

function decidedWith(wanted: OutcomePolicy, state: OutcomeState | null) {
  const before = begun();
  const known = { ...before, metrics: { ...before.metrics, outcomes: state } };
  const look = { policy: { ...NO_WARM_UP_POLICY, outcomes: wanted }, stretch: LAST_STEP, buckets: healthy };
  return judge({ ...look, answers: NOTHING_READ, shiftAccepted: false }, known).decision;
}

describe('losses of outcomes', () => {
  it("roll green back by themselves, named in the metric's own unit", () => {
    const decision = decided(RATE, losing);
    expect(decision.kind).toBe('rollback');
    expect(failedMetrics(decision)).toEqual(['outcomes']);
    expect(decision.sentence).toMatch(/outcomes about 0\.\d+ below what is tolerated/);
    expect(decision.sentence).toContain('1 of 3 metrics agree (outcomes)');
  });

  it('of a mean do so too, once both arms have 500 values', () => {
    const lower = repeatOutcomes(30, meanOf(9.3, 50), meanOf(10, 50));
    const history = meanOf(10, 5000);
    const options = termsOf(MEAN);
    expect(evidence(lower.slice(0, 9), options, history)).toBeLessThanOrEqual(0);
    expect(evidence(lower.slice(0, 10), options, history)).toBeGreaterThan(ROLLBACK);
    const decision = decided(MEAN, lower, history);
    expect(decision.kind).toBe('rollback');
    expect(failedMetrics(decision)).toEqual(['outcomes']);
  });

  it('within the margin are no evidence', () => {
    expect(evidence(repeatOutcomes(60, hitsOf(59, 200), hitsOf(61, 200)), termsOf(RATE))).toBeLessThan(0);
    expect(evidence(repeatOutcomes(60, meanOf(9.9, 200), meanOf(10, 200)), termsOf(MEAN))).toBeLessThan(0);
  });

  it('that begin after half an hour of health are found', () => {
    const late = (bad: ValueSums, good: ValueSums) => [
      ...repeatOutcomes(30, good, good),
      ...repeatOutcomes(20, bad, good, 30),
    ];
    expect(evidence(late(hitsOf(40, 200), hitsOf(60, 200)), termsOf(RATE))).toBeGreaterThan(ROLLBACK);
    expect(evidence(late(meanOf(9.5, 200), meanOf(10, 200)), termsOf(MEAN))).toBeGreaterThan(ROLLBACK);
  });

  it('that begin long after the horizon are found as soon as after its beginning', () => {
    const options = termsOf(RATE);
    const good = hitsOf(60, 200);
    const looksNeeded = (health: number) => {
      let state = runOutcomes(repeatOutcomes(health, good, good), options, begin(hitsOf(3000, 10_000)));
      for (let look = 1; look <= 60; look++) {
        state = outcomes.step(state, outcomesAt(health + look, hitsOf(40, 200), good), options);
        if (outcomes.evidence(state, options) >= ROLLBACK) return look;
      }
      return Number.POSITIVE_INFINITY;
    };
    expect(looksNeeded(180)).toBeLessThanOrEqual(looksNeeded(0) + 1);
  });

  it('speak less the more the requests depend on each other', () => {
    const effects = (errors: number) => ({ errors, latency: 1, source: 'given' as const });
    const log = (errors: number) => evidence(losing, termsOf(RATE, effects(errors)));
    expect(log(3)).toBeLessThan(log(1) / 2);
  });

  it('of two constants are seen, though nothing varies', () => {
    const five = { count: 100, sum: 500, squares: 2500 };
    const four = { count: 100, sum: 400, squares: 1600 };
    expect(evidence(repeatOutcomes(20, four, five), termsOf(MEAN))).toBeGreaterThan(ROLLBACK);
    expect(evidence(repeatOutcomes(20, five, five), termsOf(MEAN))).toBeCloseTo(0, 6);
  });
});

describe('promotion', () => {
  const good = repeatOutcomes(60, hitsOf(60, 200), hitsOf(60, 200));

  it('waits for the assurance of outcomes that have spoken', () => {
    expect(decided(RATE, good.slice(0, 1)).kind).not.toBe('promote');
    expect(decided(RATE, good).kind).toBe('promote');
  });

  it('does not wait for outcomes that have not spoken, unless the policy requires them', () => {
    expect(decided(RATE, [])).toMatchObject({
      kind: 'promote',
      sentence: expect.stringContaining('too few outcomes are known to judge them'),
    });
    const required = decided({ ...RATE, requiredForPromotion: true }, []);
    expect(required).toMatchObject({ kind: 'hold', sentence: expect.stringContaining('promotion waits for them') });
    expect(required.basis?.logAssurance).toBe(0);
    expect(decidedWith({ ...RATE, requiredForPromotion: true }, null).kind).toBe('hold');
  });

  it('does not count a mean of fewer than 500 values as having spoken', () => {
    const few = repeatOutcomes(9, meanOf(10, 50), meanOf(10, 50));
    expect(outcomes.speaks(runOutcomes(few, termsOf(MEAN)), termsOf(MEAN))).toBe(false);
    expect(decided(MEAN, few, meanOf(10, 5000)).kind).toBe('promote');
  });

  it('of a green that loses the promotion margin is not assured', () => {
    const lost = repeatOutcomes(60, meanOf(9.5, 200), meanOf(10, 200));
    const kept = repeatOutcomes(60, meanOf(10, 200), meanOf(10, 200));
    const terms = termsOf(MEAN);
    const assurance = (buckets: OutcomeBucket[]) => outcomes.assurance(runOutcomes(buckets, terms), terms);
    expect(assurance(lost)).toBeLessThan(0);
    expect(assurance(kept)).toBeGreaterThan(ROLLBACK);
  });
});

describe('the memory of outcomes', () => {
  const mixed = [...losing.slice(0, 6), ...repeatOutcomes(6, hitsOf(60, 200), hitsOf(60, 200), 6)];

  it('does not change when buckets are delivered again, in any order', () => {
    const once = runOutcomes(mixed, termsOf(RATE));
    fc.assert(
      fc.property(fc.array(fc.nat(mixed.length - 1), { maxLength: 20 }), fc.nat(mixed.length), (again, from) => {
        const repeated = again.filter((index) => index < from).flatMap((index) => mixed.slice(index, index + 1));
        expect(runOutcomes([...mixed.slice(0, from), ...repeated, ...mixed.slice(from)], termsOf(RATE))).toEqual(once);
      }),
      { numRuns: 25 },
    );
  });

  it('is plain JSON that can be taken up again, at most 8 kB together with all others', () => {
    const odd = repeatOutcomes(60, meanOf(9.123456, 1_234_567), meanOf(Math.PI, 7_654_321));
    const options = termsOf(MEAN);
    const busy = run(repeat(60, arm(199_999, 1234), arm(187_654, 987)), undefined, arm(123_457, 333));
    expect(JSON.stringify({ ...busy, outcomes: runOutcomes(odd, options) }).length).toBeLessThan(8192);
    const resumed = odd.reduce(
      (state, bucket) => outcomes.step(JSON.parse(JSON.stringify(state)), bucket, options),
      begin(),
    );
    expect(resumed).toEqual(runOutcomes(odd, options));
  });

  it('begins with what is read of outcomes, and not before', () => {
    expect(begun().metrics.outcomes).toBeNull();
    expect(begin(hitsOf(3, 10))).toMatchObject({ memory: { blue: hitsOf(3, 10) }, judged: 0 });
  });

  it('may be missing as long as no outcome was due, which holds nothing up', () => {
    expect(decidedWith(RATE, null).kind).toBe('promote');
  });

  it('adds values up in any order and grouping', () => {
    const sums = fc
      .integer({ min: -1000, max: 1000 })
      .map((value) => ({ count: 1, sum: value, squares: value * value }));
    fc.assert(
      fc.property(fc.array(sums, { maxLength: 12 }), fc.nat(12), (all, cut) => {
        const total = (some: readonly ValueSums[]) => some.reduce(addValues, NO_VALUES);
        expect(addValues(total(all.slice(0, cut)), total(all.slice(cut)))).toEqual(total(all.toReversed()));
      }),
    );
  });

  it('takes a gain for no loss: with hits and misses exchanged the same buckets speak for green', () => {
    const missed = ({ count, sum }: ValueSums) => hitsOf(count - sum, count);
    const options = termsOf(RATE);
    const mirrored = losing.map(({ startMs, green, blue }) => ({ startMs, green: missed(green), blue: missed(blue) }));
    expect(evidence(mirrored, options, hitsOf(7000, 10_000))).toBeLessThan(0);
    expect(evidence(losing, options, hitsOf(3000, 10_000))).toBeGreaterThan(ROLLBACK);
  });
});

describe('degenerate outcomes', () => {
  const billion = 1e9;
  const cases: Record<string, [OutcomePolicy, OutcomeBucket[]]> = {
    'none at all': [RATE, repeatOutcomes(70, NO_VALUES, NO_VALUES)],
    'none of green': [RATE, repeatOutcomes(70, NO_VALUES, hitsOf(60, 200))],
    'none of blue': [MEAN, repeatOutcomes(70, meanOf(3, 200), NO_VALUES)],
    'only hits': [RATE, repeatOutcomes(70, hitsOf(200, 200), hitsOf(200, 200))],
    'only misses': [RATE, repeatOutcomes(70, hitsOf(0, 200), hitsOf(0, 200))],
    'one a bucket': [MEAN, repeatOutcomes(70, meanOf(3, 1), meanOf(3, 1))],
    'all equal values': [MEAN, repeatOutcomes(70, ...equalArms(0.1, 300))],
    'a billion hits': [RATE, repeatOutcomes(70, hitsOf(billion / 4, billion), hitsOf(billion / 4, billion))],
    'a billion values': [MEAN, repeatOutcomes(70, meanOf(5, billion), meanOf(5, billion))],
    'huge values': [MEAN, repeatOutcomes(70, meanOf(1e12, 200), meanOf(1e12, 200))],
  };

  it.each(Object.entries(cases))('%s: finite numbers, no rollback', (_, [wanted, buckets]) => {
    const options = termsOf(wanted);
    for (const history of [NO_VALUES, wanted === RATE ? hitsOf(60, 200) : meanOf(3, 200)]) {
      const state = runOutcomes(buckets, options, begin(history));
      const logEvidence = outcomes.evidence(state, options);
      const logAssurance = outcomes.assurance(state, options);
      expect(logEvidence).toBeLessThan(ROLLBACK);
      expect([logEvidence, logAssurance].every(Number.isFinite)).toBe(true);
      expect(JSON.stringify(state)).not.toContain('null');
      expect(decidedWith(wanted, state).sentence).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it.each<[OutcomePolicy, ValueSums, string]>([
    [RATE, { count: Number.NaN, sum: 0, squares: 0 }, "green's number of outcomes is NaN"],
    [RATE, { count: 5, sum: 6, squares: 6 }, 'green has 6 hits of 5 outcomes'],
    [RATE, { count: 5, sum: 2.5, squares: 2.5 }, 'green has 2.5 hits of 5 outcomes'],
    [RATE, { count: 5, sum: 2, squares: 4 }, "green's squares sum to 4, its hits to 2"],
    [MEAN, { count: 5, sum: Number.NaN, squares: 1 }, 'are not finite'],
    [MEAN, { count: 5, sum: 10, squares: 19 }, 'their squares cannot sum to 19'],
    [MEAN, { count: 0, sum: 1, squares: 1 }, 'green has no outcome, but sums of 1 and 1'],
  ])('are refused where they cannot be true, and named', (wanted, green, problem) => {
    const good = wanted === RATE ? hitsOf(1, 5) : meanOf(2, 5);
    const step = () => outcomes.step(begin(), outcomesAt(7, green, good), termsOf(wanted));
    expect(step).toThrow(RangeError);
    expect(step).toThrow(problem);
    expect(step).toThrow(String(7 * MINUTE_MS));
  });
});

function equalArms(value: number, count: number): [ValueSums, ValueSums] {
  let sums = NO_VALUES;
  for (let index = 0; index < count; index++) sums = addValues(sums, { count: 1, sum: value, squares: value * value });
  return [sums, sums];
}
