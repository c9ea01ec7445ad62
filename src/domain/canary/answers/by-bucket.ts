/** Puts the answers of both arms into buckets by the time at which they were given. */
import type { ReadingWindow } from '../reading-window.ts';
import type { Answer, AnswersOfArms } from './answer.ts';

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
