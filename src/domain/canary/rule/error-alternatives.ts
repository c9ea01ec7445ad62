/** The ways of failing more often that the rule looks for: extra error rates beyond the margin. */
import { greenOnLine, type NullLine, type RatePair } from './null-projection.ts';

export interface ExtraErrors {
  /** Error rate of green beyond the edge of the margin. */
  readonly extra: number;
  readonly weight: number;
}

/** Small excesses take longest to find, so that most of the weight is theirs: a large one shows at the first look anyway. */
export const EXTRA_ERRORS: readonly ExtraErrors[] = [
  { extra: 0.005, weight: 0.15 },
  { extra: 0.01, weight: 0.55 },
  { extra: 0.02, weight: 0.1 },
  { extra: 0.05, weight: 0.1 },
  { extra: 0.2, weight: 0.06 },
  { extra: 0.4, weight: 0.04 },
];

/** Where little room is left below certain failure, the alternative takes at most this share of it. */
const MOST_OF_ROOM = 0.9;

/** Predicted rates under an alternative; null where the margin already reaches certain failure. */
export function failingMore(blue: number, alternative: ExtraErrors, line: NullLine): RatePair | null {
  const edge = greenOnLine(line, blue);
  if (edge >= 1) return null;
  return { green: edge + Math.min(alternative.extra, MOST_OF_ROOM * (1 - edge)), blue };
}
