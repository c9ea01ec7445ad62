/**
 * The regularised upper incomplete gamma function Q(a, x), to about 14 digits: the series of P below a + 1, Legendre's
 * continued fraction by the modified Lentz method above (NIST Digital Library of Mathematical Functions 8.7.1, 8.9.2).
 */

const MAX_STEPS = 10_000;
const PRECISION = 1e-16;
const TINY = 1e-300;

/** `a` above 0, `x` at least 0. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let step = 1; step < MAX_STEPS && term > sum * PRECISION; step += 1) {
    term *= x / (a + step);
    sum += term;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let step = 1; step < MAX_STEPS; step += 1) {
    const numerator = -step * (step - a);
    b += 2;
    d = 1 / away(numerator * d + b);
    c = away(b + numerator / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION * 4) break;
  }
  return fraction;
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** Stirling's series after moving the argument above 10 (DLMF 5.11.1). */
function logGamma(z: number): number {
  let [shift, at] = [0, z];
  while (at < 10) {
    shift += Math.log(at);
    at += 1;
  }
  const s = 1 / (at * at);
  const tail = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188))))) / at;
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + tail - shift;
}
