/** Whether green predicts another distribution than blue, and which event shows it most: a reason to ask, never to roll back. */
import { logAdd, logWeightedSum } from '../log-domain.ts';
import { oneInMany } from '../rule-sentence.ts';
import { logUnspentWeight, type StartPrior } from '../start-mixing.ts';
import type { PredictionCounts, PredictionEvents } from './prediction-events.ts';
import { DIRECTIONS, PREDICTION_SHIFTS } from './prediction-shifts.ts';
import type { PredictionState } from './prediction-state.ts';
import type { PredictionOptions } from './step-predictions.ts';

export interface PredictionFinding {
  /** True where ln E has reached ln(1/alpha). */
  readonly shifted: boolean;
  readonly logEvidence: number;
  readonly sentence: string;
  /** Shares of the event that speaks most for a shift, over all buckets. */
  readonly greenShare: number;
  readonly blueShare: number;
}

export function predictionFinding(state: PredictionState, options: PredictionOptions): PredictionFinding {
  const logEvidence = logOfShift(state, options.start);
  const shifted = logEvidence >= Math.log(1 / options.alpha);
  const event = leadingEvent(state);
  const { green, blue } = state.seen;
  const greenShare = shareOf(green, event);
  const blueShare = shareOf(blue, event);
  if (green.of === 0 || blue.of === 0) {
    const sentence = 'No predictions of green and blue are known from the same time yet.';
    return { shifted, logEvidence, sentence, greenShare, blueShare };
  }
  const seen = `${percent(greenShare)} of green's predictions ${eventPhrase(state.events, event)}, where ${percent(blueShare)} of blue's are`;
  const tolerated = `(${points(options.margin)} tolerated)`;
  return { shifted, logEvidence, sentence: `${seen} ${tolerated}; ${chance(logEvidence)}.`, greenShare, blueShare };
}

/** ln E: the average over all events and directions. */
export function logOfShift({ evidence, looks }: PredictionState, start: StartPrior): number {
  return logAdd(logWeightedSum(weightsOf(evidence.length), evidence), logUnspentWeight(start, looks));
}

function weightsOf(count: number): number[] {
  const shifts = PREDICTION_SHIFTS.length;
  return Array.from(
    { length: count },
    (_, index) => ((PREDICTION_SHIFTS[index % shifts]?.weight ?? 0) * shifts) / count,
  );
}

function leadingEvent({ evidence }: PredictionState): number {
  const weights = weightsOf(evidence.length);
  let leading = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const [index, log] of evidence.entries()) {
    const score = log + Math.log(weights[index] ?? 1);
    if (score > most) [leading, most] = [index, score];
  }
  return Math.floor(leading / (DIRECTIONS.length * PREDICTION_SHIFTS.length));
}

function shareOf({ of, hits }: PredictionCounts, event: number): number {
  return of > 0 ? (hits[event] ?? 0) / of : 0;
}

function eventPhrase(events: PredictionEvents, event: number): string {
  if (events.kind === 'numeric') {
    const edge = events.edges[event];
    return edge === undefined ? 'are no number' : `are at most ${Number(edge.toPrecision(4))}`;
  }
  const value = events.values[event];
  return value === undefined ? 'are no usable value' : `are "${value}"`;
}

function chance(logEvidence: number): string {
  return logEvidence > Math.log(2)
    ? `${oneInMany(logEvidence)} chance of this if green predicted as blue does, within that`
    : 'nothing speaks of another distribution so far';
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(share > 0.1 ? 2 : 1))} %`;
}

function points(margin: number): string {
  const count = Number((margin * 100).toPrecision(2));
  return count === 1 ? '1 point is' : `${count} points are`;
}
