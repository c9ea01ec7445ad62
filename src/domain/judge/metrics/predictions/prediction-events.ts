/**
 * Turns predictions into a few yes-or-no events, chosen from what blue predicted before green came, and counts them.
 */
import { isCount, refuse } from '../../reading/checked-bucket.ts';

export type PredictionEvents =
  /** Event i is "at most edge i". */
  | { readonly kind: 'numeric'; readonly edges: readonly number[] }
  /** Event i is "is value i"; booleans are the values "true" and "false". */
  | { readonly kind: 'categorical'; readonly values: readonly string[] };

/** Hits of each event and, last, how many predictions are none: missing, not a number, or of another type. */
export interface PredictionCounts {
  readonly of: number;
  readonly hits: readonly number[];
}

export interface PredictionsOfArms {
  readonly green: PredictionCounts;
  readonly blue: PredictionCounts;
}

/** Predictions of one bucket, counted with the same events. */
export interface PredictionBucket extends PredictionsOfArms {
  /** Start, epoch milliseconds. */
  readonly startMs: number;
}

/** Fewer usable predictions say too little of how blue predicts. */
const LEAST_USABLE = 200;
const DECILES = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const MOST_VALUES = 9;
/** A longer text is no class; it counts as no usable prediction. */
const LONGEST_VALUE = 64;

/** Null where blue has too few usable predictions. More numbers than texts make a numeric prediction. */
export function eventsOf(predictions: readonly unknown[]): PredictionEvents | null {
  const numbers = predictions.filter(isUsableNumber);
  const texts = predictions.map(textOf).filter((text) => text !== null);
  if (Math.max(numbers.length, texts.length) < LEAST_USABLE) return null;
  return numbers.length > texts.length
    ? { kind: 'numeric', edges: decilesOf(numbers) }
    : { kind: 'categorical', values: mostFrequent(texts) };
}

export function countPredictions(events: PredictionEvents, predictions: Iterable<unknown>): PredictionCounts {
  const tally = events.kind === 'numeric' ? numericTally(events.edges) : categoricalTally(events.values);
  let of = 0;
  let unusable = 0;
  for (const prediction of predictions) {
    of++;
    if (!tally.take(prediction)) unusable++;
  }
  return { of, hits: [...tally.hits(), unusable] };
}

export function eventCount(events: PredictionEvents): number {
  return (events.kind === 'numeric' ? events.edges.length : events.values.length) + 1;
}

interface Tally {
  /** False where the prediction is not usable. */
  readonly take: (prediction: unknown) => boolean;
  readonly hits: () => number[];
}

function numericTally(edges: readonly number[]): Tally {
  const between = new Array<number>(edges.length + 1).fill(0);
  return {
    take(prediction) {
      if (!isUsableNumber(prediction)) return false;
      const at = edges.findIndex((edge) => prediction <= edge);
      const bin = at < 0 ? edges.length : at;
      between[bin] = (between[bin] ?? 0) + 1;
      return true;
    },
    hits() {
      let sum = 0;
      return edges.map((_, index) => {
        sum += between[index] ?? 0;
        return sum;
      });
    },
  };
}

function categoricalTally(values: readonly string[]): Tally {
  const counts = new Map(values.map((value) => [value, 0]));
  return {
    take(prediction) {
      const text = textOf(prediction);
      if (text === null) return false;
      const count = counts.get(text);
      if (count !== undefined) counts.set(text, count + 1);
      return true;
    },
    hits: () => [...counts.values()],
  };
}

function decilesOf(numbers: readonly number[]): number[] {
  const sorted = [...numbers].sort((a, b) => a - b);
  const deciles = DECILES.map((decile) => sorted[Math.ceil((decile * sorted.length) / 10) - 1] ?? 0);
  return [...new Set(deciles)];
}

/** Equally frequent ones in the order of their letters, so that the same predictions have the same events. */
function mostFrequent(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const ranked = [...counts].sort(([a, of], [b, others]) => others - of || (a < b ? -1 : 1));
  return ranked.slice(0, MOST_VALUES).map(([value]) => value);
}

function isUsableNumber(prediction: unknown): prediction is number {
  return typeof prediction === 'number' && Number.isFinite(prediction);
}

function textOf(prediction: unknown): string | null {
  if (typeof prediction === 'boolean') return String(prediction);
  return typeof prediction === 'string' && prediction.length <= LONGEST_VALUE ? prediction : null;
}

export function addPredictions(a: PredictionCounts, b: PredictionCounts): PredictionCounts {
  return { of: a.of + b.of, hits: a.hits.map((hits, event) => hits + (b.hits[event] ?? 0)) };
}

/** Throws a RangeError that lists every problem of the bucket: never NaN into a verdict. */
export function checkPredictions({ startMs, green, blue }: PredictionBucket, events: PredictionEvents): void {
  const problems = [...problemsOf('green', green, events), ...problemsOf('blue', blue, events)];
  refuse('The bucket of predictions', startMs, problems);
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
