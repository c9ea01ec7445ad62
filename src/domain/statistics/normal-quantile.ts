/** The value that a standard normal variable exceeds with a given chance. */
import { chiSquaredTail } from './chi-squared.ts';

const HALVINGS = 80;

/** For `tail` in (0, 0.5]; its square has a chi-squared tail of twice the chance. Error below 1e-12. */
export function normalQuantile(tail: number): number {
  if (!(tail > 0 && tail <= 0.5)) throw new RangeError(`A tail must be above 0 and at most 0.5; it is ${tail}.`);
  let [low, high] = [0, 40];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (chiSquaredTail(middle * middle, 1) > 2 * tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
