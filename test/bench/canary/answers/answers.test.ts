/** The generator of outcomes and predictions against closed forms: what is called "at the margin" is exactly there. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../generator/random.ts';
import { makeOutcomes, makePredictions, meanAmount } from './answer-rollout.ts';
import { ANSWER_SCENARIOS, type AnswerScenario, BUCKETS } from './answer-scenario.ts';

describe('the generator of outcomes', () => {
  it('has the mean of a cut log-normal distribution', () => {
    // exp(1/2) Phi(z - 1) + exp(z) (1 - Phi(z)) at z = 2.5758, from tables of the normal distribution.
    expect(meanAmount()).toBeCloseTo(1.648721 * 0.942464 + 13.14183 * 0.005, 4);
  });

  it('makes the same rollout from the same seed, and another from another', () => {
    const made = (seed: number) => makeOutcomes(outcomes('O5 mean at the margin'), createRandom(seed, 2));
    expect(made(3)).toEqual(made(3));
    expect(made(4)).not.toEqual(made(3));
  });

  it.each([
    ['O2 rate at the margin', 0.3, 0.29],
    ['O8 rate -5 pp', 0.3, 0.25],
  ])('%s: shares of %d and %d', (name, blue, green) => {
    const sums = { green: 0, blue: 0 };
    for (let seed = 1; seed <= 20; seed++) {
      for (const bucket of makeOutcomes(outcomes(name), createRandom(seed, 2)).buckets) {
        sums.green += bucket.green.sum / 100 / 20 / BUCKETS;
        sums.blue += bucket.blue.sum / 100 / 20 / BUCKETS;
      }
    }
    expect(Math.abs(sums.green - green)).toBeLessThan(0.005);
    expect(Math.abs(sums.blue - blue)).toBeLessThan(0.005);
  });
});

describe('the generator of predictions', () => {
  it.each([
    ['P2 numbers at the margin', (value: unknown) => Number(value) <= 0.5, 0.5, 0.55],
    ['P2 numbers at the margin', (value: unknown) => Number(value) <= 0.8, 0.8, 0.82],
    ['P6 class -10 pp', (value: unknown) => value === 'low', 0.3, 0.2],
    ['P6 class -10 pp', (value: unknown) => value === 'none', 0.4, 0.5],
  ] as const)('%s: shares of %s', (name, isHit, blue, green) => {
    const { buckets } = makePredictions(predictions(name), createRandom(5, 2));
    const share = (values: readonly unknown[]) => values.filter(isHit).length / values.length;
    expect(Math.abs(share(buckets.flatMap((bucket) => bucket.blue)) - blue)).toBeLessThan(0.02);
    expect(Math.abs(share(buckets.flatMap((bucket) => bucket.green)) - green)).toBeLessThan(0.02);
  });

  it('makes copies that are predicted nearly alike', () => {
    const { buckets } = makePredictions(predictions('P3 copies'), createRandom(5, 2));
    for (const { green, blue } of buckets) {
      expect(Math.max(...green.map((value, index) => Math.abs(Number(value) - Number(blue[index]))))).toBeLessThan(
        0.15,
      );
    }
  });
});

function named(name: string): AnswerScenario {
  const scenario = ANSWER_SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error(`There is no scenario ${name}.`);
  return scenario;
}

function outcomes(name: string) {
  const scenario = named(name);
  if (scenario.of !== 'rate' && scenario.of !== 'mean') throw new Error(`${name} has no outcomes.`);
  return scenario;
}

function predictions(name: string) {
  const scenario = named(name);
  if (scenario.of === 'rate' || scenario.of === 'mean') throw new Error(`${name} has no predictions.`);
  return scenario;
}
