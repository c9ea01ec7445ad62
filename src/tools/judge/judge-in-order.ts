/**
 * Judges a stream of lines on all cores and gives the results in the order of the lines, holding a bounded number of
 * them.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LineOptions } from './judge-arguments.ts';
import { judgeBatch, type LineResult } from './judge-batch.ts';
import type { NumberedLine } from './lines-of.ts';

const LINES_OF_BATCH = 24;
const CHARACTERS_OF_BATCH = 4 * 1024 * 1024;
const BATCHES_PER_WORKER = 2;
const MOST_WORKERS = 8;

/** Few lines are judged at once on this thread: to start another takes longer. */
export async function* judgeInOrder(
  lines: AsyncIterable<NumberedLine>,
  options: LineOptions,
  workers = Math.min(MOST_WORKERS, availableParallelism()),
): AsyncGenerator<LineResult> {
  const batches = batchesOf(lines);
  const first = await batches.next();
  if (first.done) return;
  if (workers < 2 || first.value.length < LINES_OF_BATCH) {
    yield* judgeBatch(first.value, options);
    for await (const batch of batches) yield* judgeBatch(batch, options);
    return;
  }
  const pool = Array.from({ length: workers }, () => startJudge(options));
  const pending: Promise<LineResult[]>[] = [];
  let next = 0;
  try {
    for (let batch = first.value; ; ) {
      pending.push(asked(pool[next++ % workers], batch));
      if (pending.length >= workers * BATCHES_PER_WORKER) yield* (await pending.shift()) ?? [];
      const following = await batches.next();
      if (following.done) break;
      batch = following.value;
    }
    for (const results of pending) yield* await results;
  } finally {
    await Promise.all(pool.map((judge) => judge.stop()));
  }
}

async function* batchesOf(lines: AsyncIterable<NumberedLine>): AsyncGenerator<NumberedLine[]> {
  let batch: NumberedLine[] = [];
  let characters = 0;
  for await (const line of lines) {
    batch.push(line);
    characters += line.text.length;
    if (batch.length < LINES_OF_BATCH && characters < CHARACTERS_OF_BATCH) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

interface Judge {
  ask(batch: readonly NumberedLine[]): Promise<LineResult[]>;
  stop(): Promise<unknown>;
}

/** A worker answers in the order of the questions, so that each answer belongs to the oldest open one. */
function startJudge(options: LineOptions): Judge {
  const worker = new Worker(new URL('./judge-worker.ts', import.meta.url), { workerData: options });
  const open: PromiseWithResolvers<LineResult[]>[] = [];
  worker.on('message', (results: LineResult[]) => open.shift()?.resolve(results));
  worker.on('error', (error) => {
    for (const one of open.splice(0)) one.reject(error);
  });
  return {
    ask(batch) {
      const answer = Promise.withResolvers<LineResult[]>();
      open.push(answer);
      worker.postMessage(batch);
      return answer.promise;
    },
    stop: () => worker.terminate(),
  };
}

function asked(judge: Judge | undefined, batch: readonly NumberedLine[]): Promise<LineResult[]> {
  if (!judge) throw new RangeError('There is no worker to judge a batch.');
  const answer = judge.ask(batch);
  // Awaited later, in its turn: until then a failure is not unhandled.
  answer.catch(() => undefined);
  return answer;
}
