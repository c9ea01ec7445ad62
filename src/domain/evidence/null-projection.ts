/** Finds the pair of rates on the edge of a null hypothesis that is hardest to tell from a predicted pair. */

/** A value of each of two samples: of the one under test, and of the one that it is compared with. */
export interface Samples<Value> {
  readonly treated: Value;
  readonly control: Value;
}

export type RatePair = Samples<number>;

/** The edge of a null hypothesis: treated = ratio * control + offset. */
export interface NullLine {
  readonly ratio: number;
  readonly offset: number;
}

const HALVINGS = 52;
/** Rates stay this far from 0 and 1. */
export const RATE_FLOOR = 1e-9;

export function treatedOnLine(line: NullLine, control: number): number {
  return line.ratio * control + line.offset;
}

/**
 * The point of the line that minimises n.treated * KL(treated || .) + n.control * KL(control || .).
 *
 * This is the restricted maximum likelihood estimate of Farrington & Manning (Statistics in Medicine 9, 1990), with the
 * predicted pair in the place of the observed one. The derivative along the line increases, so bisection finds its
 * root. Null where the line has no point with both rates strictly between 0 and 1.
 */
export function projectOnLine(predicted: RatePair, n: RatePair, line: NullLine): RatePair | null {
  const least = Math.max(RATE_FLOOR, (RATE_FLOOR - line.offset) / line.ratio);
  const most = Math.min(1 - RATE_FLOOR, (1 - RATE_FLOOR - line.offset) / line.ratio);
  if (!(least < most)) return null;
  const across = (predicted.treated - line.offset) / line.ratio;
  let low = clamp(Math.min(predicted.control, across), least, most);
  let high = clamp(Math.max(predicted.control, across), least, most);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const control = (low + high) / 2;
    if (slopeAt(control, predicted, n, line) < 0) low = control;
    else high = control;
  }
  const control = (low + high) / 2;
  return { treated: treatedOnLine(line, control), control };
}

function slopeAt(control: number, predicted: RatePair, n: RatePair, line: NullLine): number {
  const treated = treatedOnLine(line, control);
  const ofTreated = (n.treated * line.ratio * (treated - predicted.treated)) / (treated * (1 - treated));
  return ofTreated + (n.control * (control - predicted.control)) / (control * (1 - control));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
