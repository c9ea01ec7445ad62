/**
 * Evidence is kept as natural logarithms: sums of tiny and huge factors neither overflow nor vanish, and never become
 * NaN.
 */

/** Stands for the logarithm of zero; finite, so that states stay plain JSON. */
export const LOG_ZERO = -1e6;

/** ln(e^a + e^b). */
export function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  const low = Math.min(a, b);
  return low <= LOG_ZERO ? high : high + Math.log1p(Math.exp(low - high));
}

/** ln(sum of weights[i] * e^logs[i]); weights of zero are passed over. */
export function logWeightedSum(weights: readonly number[], logs: readonly number[]): number {
  let high = LOG_ZERO;
  for (const [index, log] of logs.entries()) if ((weights[index] ?? 0) > 0) high = Math.max(high, log);
  if (high <= LOG_ZERO) return LOG_ZERO;
  let sum = 0;
  for (const [index, log] of logs.entries()) sum += (weights[index] ?? 0) * Math.exp(log - high);
  return sum > 0 ? high + Math.log(sum) : LOG_ZERO;
}

/** count * ln(a / b), zero where nothing was counted: 0 * ln 0 is 0. */
export function countTimesLogRatio(count: number, a: number, b: number): number {
  return count > 0 ? count * Math.log(a / b) : 0;
}

/** Bounds a logarithm and rounds it to 1e-9, so that states stay small and equal on every machine. */
export function storedLog(log: number): number {
  const bounded = Math.min(-LOG_ZERO, Math.max(LOG_ZERO, log));
  return Math.round(bounded * 1e9) / 1e9;
}
