/** What the judge remembers of green's and blue's answers; the outcomes' own evidence lies with the rule's. */
import type { JudgedStretch } from '../judge-contract.ts';
import type { PredictionState } from '../rule/predictions/prediction-state.ts';

export interface AnswersState {
  /** End of the last bucket whose predictions were taken in; 0 before the first. */
  readonly predictedUntilMs: number;
  /** Null until blue has predicted often enough to know how its predictions are distributed. */
  readonly predictions: PredictionState | null;
  /** End of the last bucket whose outcomes were taken in; 0 before the first. */
  readonly outcomesUntilMs: number;
  /** When both arms answered live requests, which alone can have outcomes of some measures. */
  readonly live: LiveTime;
}

export interface LiveTime {
  readonly fromMs: number | null;
  /** Null while it lasts. */
  readonly untilMs: number | null;
}

export const NO_ANSWERS: AnswersState = {
  predictedUntilMs: 0,
  predictions: null,
  outcomesUntilMs: 0,
  live: { fromMs: null, untilMs: null },
};

/** Green serves from the first live step on, blue until green serves everything. */
export function liveTimeIn({ live }: AnswersState, { phase, sinceMs }: JudgedStretch): LiveTime {
  if (phase === 'watching' && live.fromMs === null) return { fromMs: sinceMs, untilMs: null };
  if (phase === 'baking' && live.untilMs === null) return { ...live, untilMs: sinceMs };
  return live;
}

export function isLive({ fromMs, untilMs }: LiveTime, startMs: number, bucketMs: number): boolean {
  return fromMs !== null && startMs >= fromMs && (untilMs === null || startMs + bucketMs <= untilMs);
}
