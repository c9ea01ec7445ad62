/**
 * Exact one-sided bounds of a share that was counted: whatever the true share is, it lies beyond the bound with at most the
 * chance `tail`.
 *
 * C. J. Clopper, E. S. Pearson: "The use of confidence or fiducial limits illustrated in the case of the binomial",
 * Biometrika 26, 1934.
 */
import { incompleteBeta } from '../statistics/incomplete-beta.ts';

const HALVINGS = 100;

/** The share at which `count` or fewer of `trials` have just the chance `tail`; 1 without trials. */
export function upperShare(count: number, trials: number, tail: number): number {
  requireCounts(count, trials, tail);
  if (count === trials) return 1;
  return shareAt((share) => 1 - incompleteBeta(share, count + 1, trials - count) > tail);
}

/** The share at which `count` or more of `trials` have just the chance `tail`; 0 without trials. */
export function lowerShare(count: number, trials: number, tail: number): number {
  requireCounts(count, trials, tail);
  if (count === 0) return 0;
  return shareAt((share) => incompleteBeta(share, count, trials - count + 1) < tail);
}

/** Where the answer turns from yes to no. */
function shareAt(isBelow: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function requireCounts(count: number, trials: number, tail: number): void {
  const areCounts = Number.isSafeInteger(count) && Number.isSafeInteger(trials) && count >= 0 && count <= trials;
  if (areCounts && tail > 0 && tail < 1) return;
  throw new RangeError(`A share needs counts and a tail within (0, 1), not ${count} of ${trials} at ${tail}.`);
}
