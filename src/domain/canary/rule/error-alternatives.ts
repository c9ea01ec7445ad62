/** The ways of failing more often that the rule looks for: extra error rates beyond the margin. */
import { greenOnLine, type NullLine, type RatePair } from './null-projection.ts';

export interface ExtraErrors {
  /** Error rate of green beyond the edge of the margin. */
  readonly extra: number;
  readonly weight: number;
}

/**
 * Most of the weight lies on a small excess: it grows more slowly than the evidence of the true excess, but with less chance
 * in it, so that it finds +0.4 to +2 percentage points at nearly the least number of requests with fewer false alarms at the
 * margin than larger ones. Large excesses show within a few looks whatever their weight.
 */
export const EXTRA_ERRORS: readonly ExtraErrors[] = [
  { extra: 0.0065, weight: 0.735 },
  { extra: 0.01, weight: 0.03 },
  { extra: 0.02, weight: 0.05 },
  { extra: 0.1, weight: 0.145 },
  { extra: 0.4, weight: 0.04 },
];

/** Where little room is left below certain failure, the alternative takes at most this share of it. */
export const MOST_OF_ROOM = 0.9;

/** Predicted rates under an alternative; null where the margin already reaches certain failure. */
export function failingMore(blue: number, { extra }: Pick<ExtraErrors, 'extra'>, line: NullLine): RatePair | null {
  const edge = greenOnLine(line, blue);
  if (edge >= 1) return null;
  return { green: edge + Math.min(extra, MOST_OF_ROOM * (1 - edge)), blue };
}
