/** Makes the buckets of outcomes and of predictions of one synthetic rollout from a scenario and a seed. */
import { addValues, NO_VALUES, type ValueSums } from '../../../../src/domain/evidence/value-sums.ts';
import type { OutcomeBucket } from '../../../../src/domain/judge/metrics/outcomes/outcome-buckets.ts';
import type { Random } from '../generator/random.ts';
import {
  BUCKET_MS,
  BUCKETS,
  CLASSES,
  type MeanScenario,
  type PredictionScenario,
  type RateScenario,
} from './answer-scenario.ts';

/** Spread of the logarithm of the amounts. */
const LOG_DEVIATION = 1;
/** Amounts are cut at the 99.5th percentile: 2.5758 standard deviations. */
const MOST_AMOUNT = Math.exp(2.5758 * LOG_DEVIATION);
const HISTORY_BUCKETS = 30;

export interface OutcomeRollout {
  readonly history: ValueSums;
  readonly buckets: readonly OutcomeBucket[];
}

export function makeOutcomes(scenario: RateScenario | MeanScenario, random: Random): OutcomeRollout {
  const sums = (bucket: number, count: number, loss: number) =>
    scenario.of === 'rate'
      ? hits(random.binomial(count, scenario.rate(bucket) - loss), count)
      : amounts(random, count, scenario.level(bucket) * (1 - loss));
  return {
    history: sums(0, HISTORY_BUCKETS * scenario.blue, 0),
    buckets: Array.from({ length: BUCKETS }, (_, bucket) => ({
      startMs: bucket * BUCKET_MS,
      green: sums(bucket, scenario.green, bucket < scenario.onset ? 0 : scenario.loss),
      blue: sums(bucket, scenario.blue, 0),
    })),
  };
}

export function hits(sum: number, count: number): ValueSums {
  return { count, sum, squares: sum };
}

function amounts(random: Random, count: number, scale: number): ValueSums {
  let sums = NO_VALUES;
  for (let index = 0; index < count; index++) {
    const value = scale * Math.min(MOST_AMOUNT, Math.exp(LOG_DEVIATION * random.normal()));
    sums = addValues(sums, { count: 1, sum: value, squares: value * value });
  }
  return sums;
}

/** Mean of the amounts at level 1, integrated over the normal density. */
export function meanAmount(): number {
  const step = 1e-3;
  let mean = 0;
  for (let z = -8; z < 8; z += step) {
    const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
    mean += density * Math.min(MOST_AMOUNT, Math.exp(LOG_DEVIATION * z)) * step;
  }
  return mean;
}

export interface PredictionRollout {
  readonly history: readonly unknown[];
  readonly buckets: readonly { readonly startMs: number; readonly green: unknown[]; readonly blue: unknown[] }[];
}

export function makePredictions(scenario: PredictionScenario, random: Random): PredictionRollout {
  const draw = scenario.of === 'classes' ? drawClass : drawNumber;
  const drawn = (count: number, shift: number) => Array.from({ length: count }, () => draw(random, shift));
  return {
    history: drawn(HISTORY_BUCKETS * scenario.blue, 0),
    buckets: Array.from({ length: BUCKETS }, (_, bucket) => {
      const blue = drawn(scenario.blue, 0);
      const green =
        scenario.of === 'copies'
          ? blue.map((value) => Number(value) + 0.02 * random.normal())
          : drawn(scenario.green, bucket < scenario.onset ? 0 : scenario.shift);
      return { startMs: bucket * BUCKET_MS, green, blue };
    }),
  };
}

/** Uniform; a part of 2 shift falls below the median, so that the share there is larger by `shift`, elsewhere by less. */
function drawNumber(random: Random, shift: number): number {
  const isMoved = random.uniform() < 2 * shift;
  return random.uniform() * (isMoved ? 0.5 : 1);
}

/** Green predicts the first class where blue predicts the second, in `shift` of all cases. */
function drawClass(random: Random, shift: number): string {
  let left = random.uniform();
  for (const [index, { value, share }] of CLASSES.entries()) {
    const own = index === 0 ? share + shift : index === 1 ? share - shift : share;
    if (left < own) return value;
    left -= own;
  }
  return CLASSES[0].value;
}
