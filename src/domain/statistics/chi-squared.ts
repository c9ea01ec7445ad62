/** Upper tail of the chi-squared distribution, through the regularised incomplete gamma function. */
import { logGamma } from './log-gamma.ts';

const MAX_TERMS = 100_000;
const PRECISION = 1e-15;
const SMALLEST = 1e-300;

/** P(X > `value`) for `degrees` > 0 of freedom; 1 for a value of 0 or below. Relative error below 1e-10. */
export function chiSquaredTail(value: number, degrees: number): number {
  if (!(degrees > 0) || Number.isNaN(value)) {
    throw new RangeError(
      `A chi-squared tail needs a number and positive degrees of freedom, not ${value}, ${degrees}.`,
    );
  }
  if (value <= 0) return 1;
  if (value === Number.POSITIVE_INFINITY) return 0;
  const a = degrees / 2;
  const x = value / 2;
  return x < a + 1 ? 1 - lowerBySeries(a, x) : upperByFraction(a, x);
}

/** P(a, x) by its power series, which converges quickly below a + 1 (Abramowitz and Stegun 6.5.29). */
function lowerBySeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < MAX_TERMS && term > sum * PRECISION; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** Q(a, x) by its continued fraction (Abramowitz and Stegun 6.5.31), evaluated by Lentz's method. */
function upperByFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / SMALLEST;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < MAX_TERMS; n += 1) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / awayFromZero(numerator * d + b);
    c = awayFromZero(b + numerator / c);
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < PRECISION) break;
  }
  return fraction * Math.exp(a * Math.log(x) - x - logGamma(a));
}

function awayFromZero(value: number): number {
  return Math.abs(value) < SMALLEST ? SMALLEST : value;
}
