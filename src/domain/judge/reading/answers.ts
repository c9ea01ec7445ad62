/** Answers of both arms as a look reads them, and how they fall into buckets by the time at which they were given. */
import type { ReadingWindow } from './reading-window.ts';

/** One collected answer of one deployment. */
export interface Answer {
  readonly atMs: number;
  /** What its outcome is found by; null where the row lacks it. */
  readonly key: string | null;
  readonly prediction: unknown;
}

export interface AnswersOfArms {
  readonly green: readonly Answer[];
  readonly blue: readonly Answer[];
}

/** Outcomes by key. */
export type Outcomes = ReadonlyMap<string, unknown>;

/** What a metric asks to be read: answers of a collection, and where it says so what became of them. */
export interface WantedAnswers {
  /** Collection of Azure ML's data collector. */
  readonly collection: string;
  /** Column of the prediction; null where it is not wanted. */
  readonly prediction: string | null;
  /** How long after its end a bucket is complete, in buckets. */
  readonly delayBuckets: number;
  readonly outcomes: WantedOutcomes | null;
}

export interface WantedOutcomes {
  /** Folder of rows by the hour of arrival. */
  readonly folder: string;
  /** Column that an answer and its outcome share; `correlationid` is the collector's own. */
  readonly key: string;
  readonly column: string;
}

export interface DueAnswers extends ReadingWindow {
  /** Blue's answers are read from here on: before `fromMs` where its history is not known yet. */
  readonly blueFromMs: number;
}

/** What one look read for one metric; blue's answers begin at `due.blueFromMs`. */
export interface ReadAnswers {
  readonly due: DueAnswers;
  readonly answers: AnswersOfArms;
  /** Empty where none were wanted. */
  readonly outcomes: Outcomes;
}

/** By metric; what is missing or null was not read. */
export type AnswersRead = Readonly<Record<string, ReadAnswers | null>>;

export const NOTHING_READ: AnswersRead = {};

export interface AnswerBucket extends AnswersOfArms {
  readonly startMs: number;
}

/** Only buckets of the window in which somebody answered, in order. */
export function byBucket(window: ReadingWindow, bucketMs: number, answers: AnswersOfArms): readonly AnswerBucket[] {
  const green = grouped(window, bucketMs, answers.green);
  const blue = grouped(window, bucketMs, answers.blue);
  const starts = [...new Set([...green.keys(), ...blue.keys()])].sort((a, b) => a - b);
  return starts.map((startMs) => ({ startMs, green: green.get(startMs) ?? [], blue: blue.get(startMs) ?? [] }));
}

function grouped({ fromMs, toMs }: ReadingWindow, bucketMs: number, answers: readonly Answer[]) {
  const buckets = new Map<number, Answer[]>();
  for (const answer of answers) {
    if (answer.atMs < fromMs || answer.atMs >= toMs) continue;
    const startMs = Math.floor(answer.atMs / bucketMs) * bucketMs;
    const bucket = buckets.get(startMs);
    if (bucket) bucket.push(answer);
    else buckets.set(startMs, [answer]);
  }
  return buckets;
}
