/** A worker thread of the drift laboratory: answers each task with its tally. */
import { parentPort } from 'node:worker_threads';
import { runScenario, type Task } from './run-scenario.ts';

parentPort?.on('message', (task: Task) => parentPort?.postMessage(runScenario(task)));
