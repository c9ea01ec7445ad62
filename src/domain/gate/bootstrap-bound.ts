/**
 * The studentised bootstrap bound of a mean: how far the mean of a sample lies from the truth, in its own standard errors,
 * is learnt from samples of the sample. Rows are drawn as pairs, as differences.
 *
 * B. Efron, R. J. Tibshirani: "An Introduction to the Bootstrap", 1993, chapter 12; P. Hall: "Theoretical comparison of
 * bootstrap confidence intervals", Annals of Statistics 16, 1988: the error of a one-sided bound shrinks with 1 / rows.
 */
import { counterRandom } from './counter-random.ts';

export const RESAMPLES = 2000;

/** A resample whose variance is this small a part of the sample's varies by rounding only. */
const NO_VARIANCE = 1e-12;

export interface BootstrapResult {
  /** Infinity when too many resamples do not vary. */
  readonly upper: number;
  /** Resamples that do not vary: their distance counts as infinite. */
  readonly degenerate: number;
  /** The resample, counted from the smallest distance, that decided. */
  readonly rank: number;
}

/** `differences` ascending, so that the order of rows changes nothing. Work: RESAMPLES * rows. */
export function bootstrapBound(differences: Float64Array, confidence: number, seed: number): BootstrapResult {
  const rows = differences.length;
  const { mean, variance } = momentsOf(differences);
  const centred = differences.map((difference) => difference - mean);
  const distances = new Float64Array(RESAMPLES);
  const random = counterRandom(seed);
  let degenerate = 0;
  for (let resample = 0; resample < RESAMPLES; resample += 1) {
    let sum = 0;
    let squares = 0;
    for (let draw = 0; draw < rows; draw += 1) {
      const value = centred[random(rows)] ?? 0;
      sum += value;
      squares += value * value;
    }
    const spread = (squares - (sum * sum) / rows) / (rows - 1);
    const varies = spread > NO_VARIANCE * variance;
    if (!varies) degenerate += 1;
    distances[resample] = varies ? sum / Math.sqrt(rows * spread) : infinitely(sum);
  }
  distances.sort();
  const rank = Math.max(1, Math.floor((1 - confidence) * (RESAMPLES + 1) + 1e-9));
  const upper = mean - (distances[rank - 1] ?? Number.NEGATIVE_INFINITY) * Math.sqrt(variance / rows);
  return { upper, degenerate, rank };
}

function infinitely(sum: number): number {
  return sum === 0 ? 0 : sum * Number.POSITIVE_INFINITY;
}

/** The skewness has the divisor n, and is 0 where nothing varies. */
export function momentsOf(values: Float64Array): { mean: number; variance: number; skewness: number } {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    squares += (value - mean) ** 2;
    cubes += (value - mean) ** 3;
  }
  const skewness = squares > 0 ? cubes / count / (squares / count) ** 1.5 : 0;
  return { mean, variance: count > 1 ? squares / (count - 1) : 0, skewness };
}
