/** What is remembered of both arms' predictions between two looks: plain JSON of at most 3 kB. */
import { LOG_ZERO } from '../log-domain.ts';
import { startBase } from './prediction-counts.ts';
import { eventCount, type PredictionCounts, type PredictionEvents } from './prediction-events.ts';
import { DIRECTIONS, PREDICTION_SHIFTS } from './prediction-shifts.ts';

export interface PredictionsOfArms {
  readonly green: PredictionCounts;
  readonly blue: PredictionCounts;
}

/** Predictions of one bucket, counted with the state's events. */
export interface PredictionBucket extends PredictionsOfArms {
  /** Start, epoch milliseconds. */
  readonly startMs: number;
}

export interface PredictionState {
  /** Start of the last bucket taken in; -1 before the first. */
  readonly lastStartMs: number;
  /** Buckets judged since the evidence last began. */
  readonly looks: number;
  readonly events: PredictionEvents;
  /** Decaying counts of blue. */
  readonly base: PredictionCounts;
  /** ln M of every shift, direction and event: event by event, first all shifts of more, then all of fewer. */
  readonly evidence: readonly number[];
  readonly seen: PredictionsOfArms;
}

/** `history`: blue's predictions before the first bucket, counted with the same events. */
export function startPredictions(events: PredictionEvents, history: PredictionCounts): PredictionState {
  const count = eventCount(events);
  const nothing = { of: 0, hits: new Array<number>(count).fill(0) };
  return {
    lastStartMs: -1,
    looks: 0,
    events,
    base: startBase(history),
    evidence: new Array<number>(count * DIRECTIONS.length * PREDICTION_SHIFTS.length).fill(LOG_ZERO),
    seen: { green: nothing, blue: nothing },
  };
}
