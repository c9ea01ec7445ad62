/** Runs the decision rule on given rollouts: `npm run --silent judge -- rollouts.jsonl`; reads and answers line by line. */

import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { messageOf } from '../domain/message-of.ts';
import { parseJudgeArguments } from './judge/judge-arguments.ts';
import { judgeInOrder } from './judge/judge-in-order.ts';
import { linesOf } from './judge/lines-of.ts';

const CHUNK_BYTES = 1024 * 1024;

const HELP = `Judges rollouts given as JSON lines by Slipway's decision rule and prints one JSON line for each.

  npm run --silent judge -- [options] <file.jsonl | ->

A line: {"rep","histN","histErr","histLat":{bin:count},"phi","phiL","minutes":[[nC,xC,nB,xB,{bin:count},{bin:count}],...]}
  history of the baseline (requests, errors, latency histogram), design effects of errors and latency, then per minute
  canary requests and errors, baseline requests and errors, canary and baseline latency histograms;
  bin i covers (1.02^(5i), 1.02^(5(i+1))] ms.
An answer: {"rep","rollback","promote","logE":[...],"guilty":[...]}
  first minute (from 0) of rollback and of promotion before it, -1 for none; ln of the evidence after each minute.

  --alpha 0.05                     risk of rolling back a canary that lies within the margins
  --beta 0.05                      risk of promoting a canary that lies at a promotion margin
  --error-margin 0.002             tolerated extra error rate
  --latency-margin-bins 1          tolerated slow-down in bins of 10.4 %
  --promote-error-margin 0.0075    extra error rate that promotion must exclude
  --promote-latency-margin-bins 3  slow-down in bins that promotion must exclude
  --warm-up 0                      first minutes that are not judged
  --soak 10                        judged minutes before any promotion
  --horizon 60                     minutes over which the start of a regression is looked for
  --lost-telemetry hold            hold or rollback after 6 minutes in which only the canary is silent

A line that cannot be judged is named on standard error and gets no answer.
Exit code: 0 all lines judged, 1 some were not, 2 wrong options or unreadable input.`;

async function main(): Promise<void> {
  const parsed = parseJudgeArguments(process.argv.slice(2));
  if (parsed.help) return console.log(HELP);
  const input = parsed.file === '-' ? process.stdin : createReadStream(parsed.file, { highWaterMark: CHUNK_BYTES });
  for await (const result of judgeInOrder(linesOf(input), parsed.options)) {
    if ('answer' in result) await print(result.answer);
    else {
      console.error(result.problem);
      process.exitCode = 1;
    }
  }
}

/** Waits where the reader is slower, so that answers do not pile up in memory. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 2;
});
