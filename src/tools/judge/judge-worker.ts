/** A worker thread of the judge: answers each batch of lines with its results, in the order of arrival. */
import { parentPort, workerData } from 'node:worker_threads';
import type { RuleOptions } from '../../domain/canary/rule/rule-options.ts';
import { judgeBatch } from './judge-batch.ts';
import type { NumberedLine } from './lines-of.ts';

const options = workerData as RuleOptions;

parentPort?.on('message', (lines: readonly NumberedLine[]) => parentPort?.postMessage(judgeBatch(lines, options)));
