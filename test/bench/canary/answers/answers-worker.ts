/** A worker thread of the laboratory of outcomes and predictions: answers each task with its tally. */
import { parentPort } from 'node:worker_threads';
import { type AnswersTask, tallyAnswers } from './run-answers.ts';

parentPort?.on('message', (task: AnswersTask) => parentPort?.postMessage(tallyAnswers(task)));
