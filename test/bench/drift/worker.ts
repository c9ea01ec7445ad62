/** A worker thread of the drift laboratory: answers each task with its result. */
import { parentPort } from 'node:worker_threads';
import { repeat } from './experiment.ts';
import { EXPERIMENTS, type Task } from './run-laboratory.ts';

parentPort?.on('message', ({ experiment, fromSeed, repetitions }: Task) => {
  const chosen = EXPERIMENTS[experiment];
  if (!chosen) throw new RangeError(`There is no experiment ${experiment}.`);
  parentPort?.postMessage(repeat(chosen, fromSeed, repetitions));
});
