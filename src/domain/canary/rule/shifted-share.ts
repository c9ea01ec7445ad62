/** Evidence of one bucket that green's share of hits lies further from blue's than a margin, in either direction. */
import { type HitCounts, type HitsOfArms, logBinaryEvidence } from './binary-evidence.ts';
import { failingMore } from './error-alternatives.ts';

/** ln S against "green's share is at most `margin` above blue's", `blue` the predicted share, if it is `extra` more than that. */
export function moreHits(seen: HitsOfArms, blue: number, margin: number, extra: number): number {
  const line = { ratio: 1, offset: margin };
  const predicted = failingMore(blue, { extra }, line);
  return predicted ? logBinaryEvidence(seen, predicted, line) : 0;
}

/** The same for a share that is at most `margin` below blue's: fewer hits are more misses. */
export function fewerHits(seen: HitsOfArms, blue: number, margin: number, extra: number): number {
  return moreHits(missesOf(seen), 1 - blue, margin, extra);
}

export function missesOf({ green, blue }: HitsOfArms): HitsOfArms {
  return { green: misses(green), blue: misses(blue) };
}

function misses({ hits, of }: HitCounts): HitCounts {
  return { hits: of - hits, of };
}
