/** Spreads the scenarios over worker threads; the result does not depend on their number or order. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addTallies, type Tally, type Task } from './run-scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const CHUNK = 25;
const MOST_THREADS = 8;

/** One tally per scenario; `progress` hears the share that is done. */
export async function runLaboratory(repetitions: number, progress: (share: number) => void): Promise<readonly Tally[]> {
  const tasks: Task[] = SCENARIOS.flatMap((_, scenario) =>
    Array.from({ length: Math.ceil(repetitions / CHUNK) }, (_unused, chunk) => ({
      scenario,
      fromSeed: 1 + chunk * CHUNK,
      repetitions: Math.min(CHUNK, repetitions - chunk * CHUNK),
    })),
  );
  const tallies: (Tally | undefined)[] = SCENARIOS.map(() => undefined);
  let [next, done] = [0, 0];
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url));
      const takeNext = () => {
        const task = tasks[next++];
        if (task) worker.postMessage(task);
        else worker.terminate().then(() => resolve(), reject);
      };
      worker.on('error', reject);
      worker.on('message', (tally: Tally) => {
        tallies[tally.scenario] = addTallies(tallies[tally.scenario], tally);
        progress(++done / tasks.length);
        takeNext();
      });
      takeNext();
    });
  await Promise.all(Array.from({ length: Math.min(MOST_THREADS, availableParallelism(), tasks.length) }, work));
  return tallies.filter((tally) => tally !== undefined);
}
