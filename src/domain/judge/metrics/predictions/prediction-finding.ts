/** The shifts of predictions that are looked for, and what people are told of the one that shows most. */
import { oneInMany, percent, points, rounded } from '../../../text/numbers.ts';
import type { PredictionCounts, PredictionEvents, PredictionsOfArms } from './prediction-events.ts';

/** A shift in the share of an event beyond the margin. */
export interface PredictionShift {
  readonly extra: number;
  readonly weight: number;
}

export const PREDICTION_SHIFTS: readonly PredictionShift[] = [
  { extra: 0.01, weight: 0.3 },
  { extra: 0.03, weight: 0.4 },
  { extra: 0.1, weight: 0.2 },
  { extra: 0.3, weight: 0.1 },
];

/** Whether green has more or fewer of an event than blue. */
const DIRECTIONS = ['more', 'fewer'] as const;
/** All shifts of more, then all of fewer: the order of the evidence, event by event. */
const ALTERNATIVES_OF_EVENT = DIRECTIONS.length * PREDICTION_SHIFTS.length;

export interface PredictionFinding {
  readonly sentence: string;
  /** Shares of the event that speaks most for a shift, over all buckets. */
  readonly greenShare: number;
  readonly blueShare: number;
}

/** What was seen: the evidence by alternative, and all together. */
export interface PredictionsSeen {
  readonly events: PredictionEvents;
  readonly seen: PredictionsOfArms;
  readonly logs: readonly number[];
  readonly logEvidence: number;
}

export function alternativesOf(events: number): number {
  return events * ALTERNATIVES_OF_EVENT;
}

/** The average over all events and directions. */
export function weightsOf(alternatives: number): number[] {
  const shifts = PREDICTION_SHIFTS.length;
  return Array.from(
    { length: alternatives },
    (_, index) => ((PREDICTION_SHIFTS[index % shifts]?.weight ?? 0) * shifts) / alternatives,
  );
}

export function predictionFinding(
  { events, seen, logs, logEvidence }: PredictionsSeen,
  margin: number,
): PredictionFinding {
  const event = leadingEvent(logs);
  const { green, blue } = seen;
  const greenShare = shareOf(green, event);
  const blueShare = shareOf(blue, event);
  if (green.of === 0 || blue.of === 0) {
    const sentence = 'No predictions of green and blue are known from the same time yet.';
    return { sentence, greenShare, blueShare };
  }
  const ofGreen = `${shownShare(greenShare)} of green's predictions ${eventPhrase(events, event)}`;
  const seenShares = `${ofGreen}, where ${shownShare(blueShare)} of blue's are`;
  const text = points(margin);
  const tolerated = `(${text} ${text === '1 point' ? 'is' : 'are'} tolerated)`;
  return { sentence: `${seenShares} ${tolerated}; ${chance(logEvidence)}.`, greenShare, blueShare };
}

function leadingEvent(logs: readonly number[]): number {
  const weights = weightsOf(logs.length);
  let leading = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const [index, log] of logs.entries()) {
    const score = log + Math.log(weights[index] ?? 1);
    if (score > most) [leading, most] = [index, score];
  }
  return Math.floor(leading / ALTERNATIVES_OF_EVENT);
}

function shareOf({ of, hits }: PredictionCounts, event: number): number {
  return of > 0 ? (hits[event] ?? 0) / of : 0;
}

function shownShare(share: number): string {
  return percent(share, share > 0.1 ? 2 : 1);
}

function eventPhrase(events: PredictionEvents, event: number): string {
  if (events.kind === 'numeric') {
    const edge = events.edges[event];
    return edge === undefined ? 'are no number' : `are at most ${rounded(edge, 4)}`;
  }
  const value = events.values[event];
  return value === undefined ? 'are no usable value' : `are "${value}"`;
}

function chance(logEvidence: number): string {
  return logEvidence > Math.log(2)
    ? `${oneInMany(logEvidence)} chance of this if green predicted as blue does, within that`
    : 'nothing speaks of another distribution so far';
}
