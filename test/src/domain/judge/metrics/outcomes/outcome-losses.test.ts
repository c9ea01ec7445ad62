/** Evidence on outcomes: exact means over the null for rates, the normal likelihood ratio and false alarms for means. */
import { describe, expect, it } from 'vitest';
import { NO_VALUES, type ValueSums } from '../../../../../../src/domain/evidence/value-sums.ts';
import {
  OUTCOME_LOSSES,
  outcomeAssurance,
  outcomeEvidence,
} from '../../../../../../src/domain/judge/metrics/outcomes/outcome-losses.ts';
import { outcomes } from '../../../../../../src/domain/judge/metrics/outcomes/outcomes.ts';
import { hits } from '../../../../../bench/canary/answers/answer-rollout.ts';
import { ANSWER_SCENARIOS } from '../../../../../bench/canary/answers/answer-scenario.ts';
import { judgeAnswers } from '../../../../../bench/canary/answers/judge-answers.ts';
import { createRandom } from '../../../../../bench/canary/generator/random.ts';
import { allHits, meanOf } from '../../../evidence/enumeration.ts';
import { NO_WARM_UP } from '../../a-rollout.ts';
import { begin, MEAN as SOME_MEAN, RATE as SOME_RATE, termsOf } from './some-outcomes.ts';

const RATE = { ...SOME_RATE, margin: 0.05, promoteMargin: 0.2 };
const MEAN = { ...SOME_MEAN, margin: 0.1, promoteMargin: 0.5 };
const SIZES = [
  [6, 6],
  [3, 9],
  [9, 2],
] as const;

describe('the evidence of a rate', () => {
  it.each(SIZES)('has a mean of at most 1 wherever green loses no more than the margin: %d + %d', (ofGreen, ofBlue) => {
    const means = [];
    for (const known of [hits(30, 100), hits(600, 1000), hits(5, 100), NO_VALUES]) {
      const memory = { green: NO_VALUES, blue: known };
      for (const { green, blue } of nullOf(RATE.margin)) {
        const cases = allHits(ofGreen, ofBlue, green, blue);
        for (const index of OUTCOME_LOSSES.keys()) {
          means.push(
            meanOf(cases, (seen) => {
              const bucket = { green: hits(seen.green, ofGreen), blue: hits(seen.blue, ofBlue) };
              return outcomeEvidence(bucket, memory, RATE)[index] ?? Number.NaN;
            }),
          );
        }
      }
    }
    expect(Math.max(...means)).toBeLessThanOrEqual(1 + 1e-9);
    expect(Math.max(...means)).toBeGreaterThan(0.98);
  });

  it('has a mean of at most 1 over two looks, all losses and starts mixed', () => {
    const terms = termsOf(RATE);
    const begun = begin(hits(30, 100));
    for (const { green, blue } of nullOf(RATE.margin)) {
      const cases = allHits(3, 3, green, blue);
      const mean = meanOf(cases, (first) => {
        const once = outcomes.step(begun, bucketOf(0, first.green, first.blue), terms);
        const second = meanOf(cases, (then) => {
          return outcomes.evidence(outcomes.step(once, bucketOf(1, then.green, then.blue), terms), terms);
        });
        return Math.log(second);
      });
      expect(mean).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('assures with a mean of at most 1 wherever green loses the promotion margin or more', () => {
    const memory = { green: NO_VALUES, blue: hits(60, 100) };
    for (const blue of [0.2, 0.4, 0.6, 0.95]) {
      for (const loss of [0.2, 0.21, 0.5]) {
        const cases = allHits(6, 4, Math.max(0, blue - loss), blue);
        const mean = meanOf(cases, (seen) =>
          outcomeAssurance({ green: hits(seen.green, 6), blue: hits(seen.blue, 4) }, memory, RATE),
        );
        if (blue >= loss) expect(mean).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });
});

describe('the evidence of a mean', () => {
  /** Variance 1. */
  const memory = { green: NO_VALUES, blue: values(1001, 0, 1) };
  const bucket = { green: values(50, 0, 1), blue: values(50, 0.3, 1) };

  it('is the likelihood ratio of the normal distribution, on both sides', () => {
    const evidence = outcomeEvidence(bucket, memory, MEAN);
    for (const [index, { deviations: delta }] of OUTCOME_LOSSES.entries()) {
      expect(evidence[index]).toBeCloseTo(((0.3 - 0.1) * delta - delta ** 2 / 2) / 0.04, 9);
    }
    expect(evidence[2]).toBeCloseTo(0.32, 9);
    expect(outcomeAssurance(bucket, memory, MEAN)).toBeCloseTo(-0.625, 9);
  });

  it('charges the variance that the bucket itself shows where that is larger, and never a smaller one', () => {
    const wild = { green: values(50, 0, 4), blue: values(50, 0.3, 4) };
    const calm = { green: values(50, 0, 0.1), blue: values(50, 0.3, 0.1) };
    expect(outcomeEvidence(wild, memory, MEAN)[2]).toBeCloseTo(2 * 0.2 - (2 ** 2 * 0.16) / 2, 9);
    expect(outcomeEvidence(calm, memory, MEAN)).toEqual(outcomeEvidence(bucket, memory, MEAN));
  });

  it("takes green's own spread where that was larger", () => {
    const spread = { ...memory, green: values(401, 0, 9) };
    const predicted = (9 + 1) / 50;
    expect(outcomeEvidence(bucket, spread, MEAN)[2]).toBeCloseTo((0.2 * 0.08 - 0.08 ** 2 / 2) / predicted, 9);
  });

  it('knows no zero point and no unit: shifting or scaling all values changes nothing', () => {
    const scaled = (sums: ValueSums) => ({ count: sums.count, sum: 1000 * sums.sum, squares: 1e6 * sums.squares });
    const moved = ({ count, sum, squares }: ValueSums) => ({
      count,
      sum: sum + 7 * count,
      squares: squares + 14 * sum + 49 * count,
    });
    const expected = outcomeEvidence(bucket, memory, MEAN);
    const inThousandths = { ...MEAN, margin: 100 };
    for (const [index, log] of expected.entries()) {
      expect(outcomeEvidence(ofArms(bucket, moved), ofArms(memory, moved), MEAN)[index]).toBeCloseTo(log, 6);
      expect(outcomeEvidence(ofArms(bucket, scaled), ofArms(memory, scaled), inThousandths)[index]).toBeCloseTo(log, 6);
    }
  });
});

describe('in the long run', () => {
  const ROLLOUTS = 200;
  const foundIn = (name: string) => {
    const index = ANSWER_SCENARIOS.findIndex((one) => one.name === name);
    const scenario = ANSWER_SCENARIOS[index];
    if (!scenario) throw new Error(`There is no scenario ${name}.`);
    let found = 0;
    for (let seed = 1; seed <= ROLLOUTS; seed++) {
      if (judgeAnswers(scenario, createRandom(seed, 77 + index)).found >= scenario.onset) found++;
    }
    return found / ROLLOUTS;
  };

  it.each(
    ANSWER_SCENARIOS.filter(({ name, expected }) => name.startsWith('O') && expected === 'harmless').map(({ name }) => [
      name,
    ]),
  )('%s is hardly ever found guilty', (name) => {
    const alpha = NO_WARM_UP.alpha;
    expect(foundIn(name)).toBeLessThanOrEqual(alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / ROLLOUTS));
  });

  it.each([
    ['O8 rate -5 pp', 0.9],
    ['O10 mean -10 %', 0.7],
  ])('%s is found in at least %d of the rollouts', (name, least) => {
    expect(foundIn(name)).toBeGreaterThan(least);
  });
});

/** Rates of which green's lies at most `margin` below blue's. */
function nullOf(margin: number): { green: number; blue: number }[] {
  return [0, 0.03, 0.05, 0.1, 0.3, 0.5, 0.7, 0.95, 1].flatMap((blue) =>
    [margin, margin / 2, 0, -0.2].map((loss) => ({ blue, green: Math.min(1, Math.max(0, blue - loss)) })),
  );
}

function bucketOf(minute: number, green: number, blue: number) {
  return { startMs: minute * 60_000, green: hits(green, 3), blue: hits(blue, 3) };
}

/** Sums of values with this mean and unbiased variance. */
function values(count: number, mean: number, variance: number): ValueSums {
  return { count, sum: count * mean, squares: (count - 1) * variance + count * mean ** 2 };
}

function ofArms<Arms extends { green: ValueSums; blue: ValueSums }>(
  { green, blue }: Arms,
  change: (sums: ValueSums) => ValueSums,
) {
  return { green: change(green), blue: change(blue) };
}
