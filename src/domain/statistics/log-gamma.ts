/** Natural logarithm of the gamma function, by Stirling's series (Abramowitz and Stegun 6.1.41) above a shift. */

const SHIFT_UNTIL = 12;
const COEFFICIENTS = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];

/** For x > 0; relative error below 1e-14. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`The logarithm of the gamma function is needed at ${x}, which is not positive.`);
  let shifted = x;
  let product = 1;
  while (shifted < SHIFT_UNTIL) {
    product *= shifted;
    shifted += 1;
  }
  let series = 0;
  let power = 1 / shifted;
  for (const coefficient of COEFFICIENTS) {
    series += coefficient * power;
    power /= shifted * shifted;
  }
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series;
  return stirling - Math.log(product);
}
