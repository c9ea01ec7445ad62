/** How numbers are written in sentences for people. */

/** "9,800" */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** "1.25", with at most this many significant digits. */
export function rounded(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

/** "12 %" of a fraction, with at most this many significant digits. */
export function percent(fraction: number, digits = 2): string {
  return `${rounded(fraction * 100, digits)} %`;
}

/** "1 point", "5 points": a difference of fractions in percentage points. */
export function points(fraction: number): string {
  const text = rounded(fraction * 100, 2);
  return text === '1' ? '1 point' : `${text} points`;
}

/** "at most a 1 in 3,000", of the chance e^-log. */
export function oneInMany(log: number): string {
  const oneIn = Math.exp(Math.min(log, Math.log(1e9)));
  const digits = Number(oneIn.toPrecision(oneIn < 100 ? 2 : 1));
  const bound = log > Math.log(1e9) ? 'less than 1 in ' : 'at most a 1 in ';
  return `${bound}${count(digits)}`;
}

/** A logarithm with three decimals, as records show it. */
export function shownLog(log: number): number {
  return Math.round(log * 1000) / 1000;
}
