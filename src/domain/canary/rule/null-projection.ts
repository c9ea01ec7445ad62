/** Finds the pair of rates on the edge of a null hypothesis that is hardest to tell from a predicted pair. */

export interface RatePair {
  readonly green: number;
  readonly blue: number;
}

/** The edge of a null hypothesis: green = ratio * blue + offset. */
export interface NullLine {
  readonly ratio: number;
  readonly offset: number;
}

const HALVINGS = 52;
/** Rates stay this far from 0 and 1. */
export const RATE_FLOOR = 1e-9;

export function greenOnLine(line: NullLine, blue: number): number {
  return line.ratio * blue + line.offset;
}

/**
 * The point of the line that minimises n.green * KL(green || .) + n.blue * KL(blue || .): the restricted maximum
 * likelihood estimate of Farrington & Manning (Statistics in Medicine 9, 1990) with the predicted pair in the place of
 * the observed one. The derivative along the line increases, so bisection finds its root. Null where the line has no
 * point with both rates strictly between 0 and 1.
 */
export function projectOnLine(predicted: RatePair, n: RatePair, line: NullLine): RatePair | null {
  const least = Math.max(RATE_FLOOR, (RATE_FLOOR - line.offset) / line.ratio);
  const most = Math.min(1 - RATE_FLOOR, (1 - RATE_FLOOR - line.offset) / line.ratio);
  if (!(least < most)) return null;
  const across = (predicted.green - line.offset) / line.ratio;
  let low = clamp(Math.min(predicted.blue, across), least, most);
  let high = clamp(Math.max(predicted.blue, across), least, most);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const blue = (low + high) / 2;
    if (slopeAt(blue, predicted, n, line) < 0) low = blue;
    else high = blue;
  }
  const blue = (low + high) / 2;
  return { green: greenOnLine(line, blue), blue };
}

function slopeAt(blue: number, predicted: RatePair, n: RatePair, line: NullLine): number {
  const green = greenOnLine(line, blue);
  const ofGreen = (n.green * line.ratio * (green - predicted.green)) / (green * (1 - green));
  return ofGreen + (n.blue * (blue - predicted.blue)) / (blue * (1 - blue));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
