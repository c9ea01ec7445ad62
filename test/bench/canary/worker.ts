/** A worker thread of the laboratory: answers each task with its tallies. */
import { parentPort } from 'node:worker_threads';
import { runRollouts, type Task } from './run-rollouts.ts';

parentPort?.on('message', (task: Task) => parentPort?.postMessage(runRollouts(task)));
