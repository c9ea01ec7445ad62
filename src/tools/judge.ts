/** Runs the decision rule on given rollouts: `npm run --silent judge -- rollouts.jsonl`; reads and answers line by line. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseJudgeArguments } from './judge/judge-arguments.ts';
import { judgeLine } from './judge/judge-line.ts';
import { parseRolloutLine } from './judge/rollout-line.ts';

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

A line that cannot be judged is named on standard error and gets no answer; the exit code is then 1.`;

async function main(): Promise<void> {
  const parsed = parseJudgeArguments(process.argv.slice(2));
  if (parsed.help) return console.log(HELP);
  const input = parsed.file === '-' ? process.stdin : createReadStream(parsed.file);
  let lineNumber = 0;
  for await (const line of linesOf(input)) {
    lineNumber++;
    if (line.trim() === '') continue;
    try {
      console.log(JSON.stringify(judgeLine(parseRolloutLine(line), parsed.options)));
    } catch (error) {
      console.error(`line ${lineNumber}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}

/** A file that cannot be read fails the loop instead of ending it silently. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  const failed = new Promise<never>((_, reject) => input.once('error', reject));
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([lines.next(), failed]);
    if (next.done) return;
    yield next.value;
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
