/**
 * Bins of fixed edges for values of any sign and size: values in one bin differ by at most 0.1 %, and counts of two streams
 * add up exactly. (The logarithmic buckets of DDSketch, Masson, Rim and Lee 2019, with both signs.)
 */

const GROWTH = 1.001;
const LOG_GROWTH = Math.log(GROWTH);
/** Smaller magnitudes count as zero. */
const LEAST = 1e-12;
/** Larger magnitudes are no measurements. */
export const LARGEST = 1e18;

/** Relative distance of a value from the centre of its bin, at most. */
export const BIN_PRECISION = (GROWTH - 1) / (GROWTH + 1);

/** 0 for zero; positive values count upwards from 1, negative ones downwards from -1. */
export function binOf(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude < LEAST) return 0;
  const index = 1 + Math.max(0, Math.ceil(Math.log(Math.min(magnitude, LARGEST) / LEAST) / LOG_GROWTH - 1e-9));
  return value > 0 ? index : -index;
}

/** The value that stands for a bin: within BIN_PRECISION of every value in it. */
export function centreOf(bin: number): number {
  if (bin === 0) return 0;
  const upper = LEAST * Math.exp((Math.abs(bin) - 1) * LOG_GROWTH);
  return Math.sign(bin) * upper * (2 / (1 + GROWTH));
}
