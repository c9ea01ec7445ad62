/** `npm run bench:canary [-- --quick] [-- --write]`: error rates of the decision rule beside those of other systems, on the same buckets. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCost } from './cost.ts';
import { goalsTable } from './goals.ts';
import { HARDEST, type Repetitions, runLaboratory } from './run-laboratory.ts';
import { allTables } from './tables.ts';

const FULL: Repetitions = { harmless: 1200, others: 600, hardest: 4800 };
const QUICK: Repetitions = { harmless: 100, others: 50, hardest: 100 };

const HELP = `Measures the canary rule on synthetic rollouts, beside ports of other systems' rules on the same buckets.

  npm run bench:canary [-- --quick] [-- --write]

  --quick   a twelfth of the rollouts: a minute instead of about eight on two cores
  --write   writes the report to test/bench/canary/RESULTS.md as well
  --help    this text

The report goes to standard output, progress to standard error. The same seeds give the same figures on every machine.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  process.once('SIGINT', () => {
    process.stderr.write('\nStopped; nothing was written.\n');
    process.exit(130);
  });
  const repetitions = values.quick ? QUICK : FULL;
  const startedMs = performance.now();
  const results = await runLaboratory(repetitions, showProgress());
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  const { harmless, others, hardest } = repetitions;
  const report = `# The decision rule in the laboratory

${harmless} rollouts of each harmless scenario and promotion boundary (${hardest} of ${HARDEST} for Slipway), ${others} of each regression; 60 looks of one minute. Rollout r of scenario s has the seed 1000 r + s, r from 1.
Margins: +0.2 pp errors, 10.4 % latency; promotion +0.75 pp, 35 %. N* is ln(100) / KL, the least mean number of green requests of any test of level 1 %. All rules read the same buckets. ± is one standard error.
The weights of the looked-for regressions were chosen on rollouts of these scenarios (B, C and A9 among them) made from other seeds: the C scenarios lie between those regressions but were seen in that choice.

${goalsTable(results, measureCost())}

${allTables(results)}
`;
  console.log(report);
  console.error(`${seconds} s`);
  if (values.write) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), report);
}

/** On a terminal one line that changes, else a line for every tenth. */
function showProgress(): (share: number) => void {
  let shown = 0;
  return (share) => {
    const percent = Math.floor(100 * share);
    if (process.stderr.isTTY) process.stderr.write(`\r${percent} %${percent === 100 ? '\n' : ''}`);
    else if (percent >= shown + 10) {
      shown = percent - (percent % 10);
      process.stderr.write(`${shown} %\n`);
    }
  };
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)} Try --help.`);
  process.exitCode = 2;
});
