/** Refuses prediction counts that cannot be true, naming the bucket and the arm: never NaN into a verdict. */
import { isCount } from '../checked-bucket.ts';
import { eventCount, type PredictionCounts, type PredictionEvents } from './prediction-events.ts';
import type { PredictionBucket } from './prediction-state.ts';

/** Throws a RangeError that lists every problem of the bucket. */
export function checkPredictions({ startMs, green, blue }: PredictionBucket, events: PredictionEvents): void {
  const problems = [
    ...(Number.isFinite(startMs) && startMs >= 0 ? [] : [`its start ${startMs} is no time`]),
    ...problemsOf('green', green, events),
    ...problemsOf('blue', blue, events),
  ];
  if (problems.length === 0) return;
  const which = `The predictions of the bucket that starts at ${startMs}`;
  throw new RangeError(`${which} cannot be judged: ${problems.join('; ')}.`);
}

function problemsOf(arm: string, { of, hits }: PredictionCounts, events: PredictionEvents): string[] {
  const wanted = eventCount(events);
  if (hits.length !== wanted) return [`${arm} has counts of ${hits.length} events, not of ${wanted}`];
  const wrong = [of, ...hits].filter((count) => !isCount(count));
  if (wrong.length > 0) return [`${arm}'s counts hold ${wrong.join(', ')}, which is no count`];
  const most = events.kind === 'numeric' ? mostOfNumeric(hits) : hits.reduce((sum, count) => sum + count, 0);
  return most > of ? [`${arm} has ${of} predictions, but events of ${most}`] : [];
}

/** Each edge includes those below it; the unusable predictions are apart. */
function mostOfNumeric(hits: readonly number[]): number {
  return Math.max(0, ...hits.slice(0, -1)) + (hits.at(-1) ?? 0);
}
