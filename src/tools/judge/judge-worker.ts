/** A worker thread of the judge: answers each batch of lines with its results, in the order of arrival. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LineOptions } from './judge-arguments.ts';
import { judgeBatch } from './judge-batch.ts';
import type { NumberedLine } from './lines-of.ts';

const options = workerData as LineOptions;

parentPort?.on('message', (lines: readonly NumberedLine[]) => parentPort?.postMessage(judgeBatch(lines, options)));
