/** The bound for losses of 0 and 1: reference values, and its promise counted out over every possible outcome. */
import { describe, expect, test } from 'vitest';
import { discordanceBound } from '../../../../src/domain/gate/discordance-bound.ts';
import { logGamma } from '../../../../src/domain/statistics/log-gamma.ts';

test.each([
  [300, 0, 0, 0.015233347889841823],
  [300, 2, 20, -0.01954931499590735],
  [300, 20, 2, 0.1126126513730133],
  [1000, 30, 60, -0.009883688607354287],
  [500, 250, 250, 0.080124620513506],
])('of %d rows, %d worse and %d better, is the one made of scipy.stats.beta.ppf', (rows, worse, better, expected) => {
  expect(discordanceBound({ rows, worse, better }, 0.95)).toBeCloseTo(expected, 10);
});

test('without any disagreement is above 0, and shrinks with the rows', () => {
  const [few = 0, many = 0] = [200, 2000].map((rows) => discordanceBound({ rows, worse: 0, better: 0 }, 0.95));
  expect(few).toBeGreaterThan(many);
  expect(many).toBeGreaterThan(0);
});

interface Outcome {
  readonly worse: number;
  readonly better: number;
  readonly bound: number;
  /** Logarithm of the number of ways. */
  readonly ways: number;
}

function outcomesOf(rows: number, confidence: number): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (let worse = 0; worse <= rows; worse += 1) {
    for (let better = 0; worse + better <= rows; better += 1) {
      const alike = rows - worse - better;
      const ways = logGamma(rows + 1) - logGamma(worse + 1) - logGamma(better + 1) - logGamma(alike + 1);
      outcomes.push({ worse, better, ways, bound: discordanceBound({ rows, worse, better }, confidence) });
    }
  }
  return outcomes;
}

const power = (chance: number, count: number) => (count === 0 ? 0 : count * Math.log(chance));

/** The chance that the bound lies below the true difference. */
function missed(outcomes: readonly Outcome[], rows: number, rate: number, share: number): number {
  const truth = rate * (2 * share - 1);
  let chance = 0;
  for (const { worse, better, ways, bound } of outcomes) {
    if (bound >= truth - 1e-12) continue;
    const alike = rows - worse - better;
    chance += Math.exp(ways + power(rate * share, worse) + power(rate * (1 - share), better) + power(1 - rate, alike));
  }
  return chance;
}

describe('counted out over all outcomes', () => {
  test.each([
    [20, 0.95],
    [30, 0.95],
    [40, 0.95],
    [40, 0.8],
  ])('of %d rows the bound at %d is missed no more often than promised, whatever the truth', (rows, confidence) => {
    const outcomes = outcomesOf(rows, confidence);
    let worst = 0;
    for (let rate = 0; rate <= 50; rate += 1) {
      for (let share = 0; share <= 25; share += 1) {
        worst = Math.max(worst, missed(outcomes, rows, rate / 50, share / 25));
      }
    }
    expect(worst).toBeLessThanOrEqual(1 - confidence);
    // A bound that is never missed would be no use.
    expect(worst).toBeGreaterThan((1 - confidence) / 4);
  });
});
