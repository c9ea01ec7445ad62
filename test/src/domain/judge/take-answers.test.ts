/** The judge with answers: predictions that move stop green's way, outcomes that worsen turn it back, late ones hold nothing up. */
import { describe, expect, it } from 'vitest';
import type { CanaryPolicy } from '../../../../src/domain/judge/canary-policy.ts';
import { judge } from '../../../../src/domain/judge/judge.ts';
import { type JudgeState, startJudge } from '../../../../src/domain/judge/judge-state.ts';
import type { JudgedStretch } from '../../../../src/domain/judge/judged-stretch.ts';
import type { OutcomePolicy } from '../../../../src/domain/judge/metrics/outcomes/outcome-value.ts';
import type { PredictionPolicy } from '../../../../src/domain/judge/metrics/predictions/predictions.ts';
import { type Answer, NOTHING_READ, type Outcomes } from '../../../../src/domain/judge/reading/answers.ts';
import { type ArmCounts, binOf } from '../../../../src/domain/judge/reading/traffic-bucket.ts';
import { dueReadings } from '../../../../src/domain/judge/take-answers.ts';
import { aPolicy } from '../a-policy.ts';

const MINUTE = 60_000;
const PER_MINUTE = 300;
const FLOOR = { errors: 1, latency: 1, source: 'floor' } as const;
const SERVED: ArmCounts = { requests: PER_MINUTE, errors: 0, latency: { [binOf(80)]: PER_MINUTE } };

const predictions: PredictionPolicy = { collection: 'model_outputs', column: 'p', margin: 0.05, settleBuckets: 2 };
const outcomes: OutcomePolicy = {
  folder: 'azureml://datastores/workspaceblobstore/paths/outcomes/',
  collection: 'model_outputs',
  key: 'id',
  measure: { kind: 'hit', outcome: 'clicked' },
  maturityBuckets: 20,
  margin: 0.01,
  promoteMargin: 0.05,
  requiredForPromotion: false,
};

const NO_OUTCOMES: Outcomes = new Map();

function policyWith(changes: Partial<CanaryPolicy>): CanaryPolicy {
  return { ...aPolicy().canary, ...changes };
}

function stretchAt(phase: JudgedStretch['phase'], minute: number): JudgedStretch {
  return { phase, sinceMs: minute * MINUTE, dwellBuckets: 5, lastStep: false, blueServed: true };
}

const fresh = (stretch: JudgedStretch) =>
  startJudge(stretch, { traffic: { ...SERVED, requests: 20_000 }, buckets: 120, designEffects: FLOOR });

/** Healthy traffic from one minute to another. */
function traffic(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => ({
    startMs: (from + index) * MINUTE,
    green: SERVED,
    blue: SERVED,
  }));
}

/** Answers at an even pace: prediction `shift` above one of 0 to 99, key by minute and place. */
function answers(from: number, to: number, shift: number): Answer[] {
  return Array.from({ length: (to - from) * PER_MINUTE }, (_, index) => {
    const minute = from + Math.floor(index / PER_MINUTE);
    return { atMs: minute * MINUTE + (index % PER_MINUTE) * 100, key: `${index}`, prediction: (index % 100) + shift };
  });
}

/** What of one metric is due; null where nothing is. */
function dueOf(metric: string, state: JudgeState, policy: CanaryPolicy, nowMs: number) {
  return dueReadings(state, policy, nowMs).find((reading) => reading.metric === metric)?.due ?? null;
}

describe('predictions', () => {
  const policy = policyWith({ predictions });
  const stretch = stretchAt('watching', 0);
  const look = { policy, stretch, buckets: traffic(0, 6), shiftAccepted: false };
  const due = { fromMs: 0, toMs: 6 * MINUTE, blueFromMs: -10 * MINUTE };
  const seen = (shift: number) => ({
    ...NOTHING_READ,
    predictions: { due, answers: { green: answers(0, 6, shift), blue: answers(-10, 6, 0) }, outcomes: NO_OUTCOMES },
  });

  it('distributed as before hold nothing up', () => {
    const { decision, state } = judge({ ...look, answers: seen(2) }, fresh(stretch));
    expect(decision.kind).toBe('next-step');
    expect(decision.verdicts.at(-1)).toMatchObject({ metric: 'predictions', verdict: 'inconclusive' });
    expect(state.answers.untilMs.predictions).toBe(6 * MINUTE);
  });

  it('that moved hold green where it is, and say how far', () => {
    const { decision } = judge({ ...look, answers: seen(20) }, fresh(stretch));
    expect(decision.kind).toBe('hold');
    expect(decision.verdicts.at(-1)).toMatchObject({ metric: 'predictions', verdict: 'fail' });
    expect(decision.sentence).toMatch(/% of green's predictions .* blue's/);
  });

  it('that moved hold nothing up any more once a person has accepted them', () => {
    const held = judge({ ...look, answers: seen(20) }, fresh(stretch)).state;
    const next = judge({ ...look, buckets: [], answers: NOTHING_READ, shiftAccepted: true }, held);
    expect(next.decision.kind).toBe('next-step');
    expect(next.decision.verdicts.at(-1)).toMatchObject({ metric: 'predictions', verdict: 'pass' });
  });

  it('read again change nothing', () => {
    const once = judge({ ...look, answers: seen(4) }, fresh(stretch)).state;
    expect(judge({ ...look, answers: seen(4) }, once).state).toEqual(once);
  });

  it('are not compared before blue has made enough of them to know what is usual', () => {
    const few = {
      ...NOTHING_READ,
      predictions: { due, answers: { green: answers(0, 6, 90), blue: answers(5, 6, 0) }, outcomes: NO_OUTCOMES },
    };
    const start = judge({ ...look, answers: few }, fresh(stretch)).state;
    expect(start.metrics.predictions?.mixture.buckets).toBe(0);
    const nextDue = dueOf('predictions', start, policy, 9 * MINUTE);
    expect(nextDue).toEqual({ fromMs: 6 * MINUTE, toMs: 7 * MINUTE, blueFromMs: 6 * MINUTE });
  });

  it('are due once they have settled, with the history of blue at first', () => {
    const state = fresh(stretch);
    expect(dueOf('predictions', state, policy, 2.9 * MINUTE)).toBeNull();
    expect(dueOf('predictions', state, policy, 3 * MINUTE)).toEqual({
      fromMs: 0,
      toMs: MINUTE,
      blueFromMs: -120 * MINUTE,
    });
  });
});

describe('outcomes', () => {
  const policy = policyWith({ outcomes, horizonBuckets: 400 });

  /** Every answer's outcome is a hit with the given share, by its place. */
  function hits(list: readonly Answer[], share: number): Map<string, unknown> {
    return new Map(list.map(({ key }, index) => [String(key), (index * 7919) % 1000 < share * 1000]));
  }

  function judged(state: JudgeState, stretch: JudgedStretch, greenShare: number, minutes: readonly [number, number]) {
    const [from, to] = minutes;
    const green = answers(from, to, 0).map((each) => ({ ...each, key: `g${each.key}` }));
    const blue = answers(from, to, 0).map((each) => ({ ...each, key: `b${each.key}` }));
    const outcomes = new Map([...hits(green, greenShare), ...hits(blue, 0.3)]);
    const due = { fromMs: from * MINUTE, toMs: to * MINUTE, blueFromMs: from * MINUTE };
    const read = { ...NOTHING_READ, outcomes: { due, answers: { green, blue }, outcomes } };
    return judge({ policy, stretch, buckets: traffic(from, to), answers: read, shiftAccepted: false }, state);
  }

  it('as good as before are a metric of their own that agrees', () => {
    const stretch = stretchAt('watching', 0);
    const { decision } = judged(fresh(stretch), stretch, 0.3, [0, 30]);
    expect(decision.kind).toBe('next-step');
    expect(decision.verdicts).toContainEqual(expect.objectContaining({ metric: 'outcomes', verdict: 'pass' }));
  });

  it('that became worse turn green back, and are named', () => {
    const stretch = stretchAt('watching', 0);
    const { decision } = judged(fresh(stretch), stretch, 0.2, [0, 30]);
    expect(decision.kind).toBe('rollback');
    expect(decision.verdicts).toContainEqual(expect.objectContaining({ metric: 'outcomes', verdict: 'fail' }));
    expect(decision.sentence).toContain('outcomes');
  });

  it('of copies that nobody got an answer to say nothing', () => {
    const stretch = stretchAt('shadowing', 0);
    const { state } = judged(fresh(stretch), stretch, 0, [0, 30]);
    expect(state.metrics.outcomes?.seen.green.count).toBe(0);
    const later = stretchAt('watching', 30);
    expect(judged(state, later, 0, [30, 60]).state.metrics.outcomes?.seen.green.count).toBe(30 * PER_MINUTE);
  });

  it('after green serves everything have nothing to be compared with', () => {
    const watching = stretchAt('watching', 0);
    const { state } = judged(fresh(watching), watching, 0.3, [0, 30]);
    const baked = judged(state, stretchAt('baking', 30), 0.3, [30, 60]).state;
    expect(baked.metrics.outcomes).toEqual(state.metrics.outcomes);
  });

  it('that are not known yet hold up a promotion only where the policy says so', () => {
    const stretch = stretchAt('watching', 0);
    const look = { stretch, buckets: traffic(0, 10), answers: NOTHING_READ, shiftAccepted: false };
    expect(judge({ ...look, policy }, fresh(stretch)).decision.kind).toBe('next-step');
    const strict = policyWith({ outcomes: { ...outcomes, requiredForPromotion: true } });
    expect(judge({ ...look, policy: strict }, fresh(stretch)).decision.kind).toBe('continue');
  });

  it('are due when the window of their labels has closed, a tenth of it at a time', () => {
    const state = fresh(stretchAt('watching', 0));
    expect(dueOf('outcomes', state, policy, 21 * MINUTE)).toBeNull();
    expect(dueOf('outcomes', state, policy, 22 * MINUTE)).toEqual({
      fromMs: 0,
      toMs: 2 * MINUTE,
      blueFromMs: -120 * MINUTE,
    });
  });
});
