/** Spreads the experiments over worker threads; the result does not depend on their number or order. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DEVIATION } from './deviation.ts';
import { type Experiment, joinResults, NO_RESULT, type Result } from './experiment.ts';
import { MANY_FEATURES } from './many-features.ts';
import { SINGLE_COLUMNS } from './single-columns.ts';

export const EXPERIMENTS: readonly Experiment[] = [...SINGLE_COLUMNS, ...MANY_FEATURES, ...DEVIATION];

export interface Task {
  readonly experiment: number;
  readonly fromSeed: number;
  readonly repetitions: number;
}

export type Results = ReadonlyMap<Experiment, Result>;

const CHUNKS = 20;
const LEAST_REPETITIONS = 4;
const MOST_THREADS = 8;

/** One result per experiment; `progress` hears the share that is done. */
export async function runLaboratory(repetitions: number, progress: (share: number) => void): Promise<Results> {
  const tasks = tasksOf(repetitions);
  const results = new Map<Experiment, Result>();
  let [next, done] = [0, 0];
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url));
      let current: Task | undefined;
      const takeNext = () => {
        current = tasks[next++];
        if (current) worker.postMessage(current);
        else worker.terminate().then(() => resolve(), reject);
      };
      worker.on('error', reject);
      worker.on('message', (result: Result) => {
        const experiment = EXPERIMENTS[current?.experiment ?? -1];
        if (experiment) {
          results.set(experiment, joinResults(results.get(experiment) ?? NO_RESULT, result, experiment.joinedBy));
        }
        progress(++done / tasks.length);
        takeNext();
      });
      takeNext();
    });
  await Promise.all(Array.from({ length: Math.min(MOST_THREADS, availableParallelism(), tasks.length) }, work));
  return results;
}

function tasksOf(repetitions: number): Task[] {
  return EXPERIMENTS.flatMap(({ effort }, experiment) => {
    const wanted = Math.max(LEAST_REPETITIONS, Math.round(effort * repetitions));
    const size = Math.ceil(wanted / CHUNKS);
    return Array.from({ length: Math.ceil(wanted / size) }, (_, chunk) => ({
      experiment,
      fromSeed: 1 + chunk * size,
      repetitions: Math.min(size, wanted - chunk * size),
    }));
  });
}
