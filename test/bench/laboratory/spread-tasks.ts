/** Spreads tasks over worker threads; each thread answers one after the other. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

const MOST_THREADS = 8;

export interface Spreading<Task, Answer> {
  /** A module that answers each message, a task, with one message. */
  readonly worker: URL;
  readonly tasks: readonly Task[];
  /** Called in the order in which answers come, which is not that of the tasks. */
  readonly take: (task: Task, answer: Answer) => void;
  /** Hears the share that is done. */
  readonly progress: (share: number) => void;
}

export async function spreadTasks<Task, Answer>(spreading: Spreading<Task, Answer>): Promise<void> {
  const { worker: module, tasks, take, progress } = spreading;
  const queue = tasks.values();
  let done = 0;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(module);
      let current = queue.next();
      const ask = () => {
        if (current.done) worker.terminate().then(() => resolve(), reject);
        else worker.postMessage(current.value);
      };
      worker.on('error', reject);
      worker.on('message', (answer: Answer) => {
        if (!current.done) take(current.value, answer);
        progress(++done / tasks.length);
        current = queue.next();
        ask();
      });
      ask();
    });
  await Promise.all(Array.from({ length: Math.min(MOST_THREADS, availableParallelism(), tasks.length) }, work));
}
