/** `npm run bench:drift [-- --quick] [-- --write]`: error rates of drift rules on the same samples, and speed beside scipy. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { goalsTable } from './goals.ts';
import { runLaboratory } from './run-laboratory.ts';
import { measureSpeed, type Speed } from './speed.ts';
import { allTables } from './tables.ts';

const FULL = 800;
const QUICK = 40;
const SPEED_ROWS = 1_000_000;

const HELP = `Draws samples with and without drift and measures how often each rule raises an alarm, how far Azure's numbers from
summaries are from its definitions, and the rows per second of the summaries beside numpy and scipy on the same data.

  npm run bench:drift [-- --quick] [-- --write]

  --quick   a twentieth of the repetitions
  --write   writes the report to test/bench/drift/RESULTS.md as well
  --help    this text

The report goes to standard output, progress to standard error. The same seeds give the same figures on every machine,
except the speed.`;

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
  const startedMs = performance.now();
  const results = await runLaboratory(values.quick ? QUICK : FULL, showProgress());
  const speed = await measureSpeed(SPEED_ROWS);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  const report = `# Drift rules in the laboratory

Pairs of samples, drawn with the seeds 1, 2, ... of each row; all rules see the same pairs. ± is one standard error, of a share of at
least half a repetition. "20 Zipf": 20 categories, the k-th with a weight of 1/k; heavy-tailed: 98.5 % lognormal, 1.5 % Pareto.

${goalsTable(results)}

${allTables(results)}

## Speed

${speedSentence(speed)}
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

function speedSentence({ rows, ownRowsPerSecond, scipyRowsPerSecond }: Speed): string {
  const shown = (rate: number) => `${(rate / 1e6).toFixed(1)} million rows a second`;
  const own = `${rows.toLocaleString('en')} rows of one numeric feature: ${shown(ownRowsPerSecond)}`;
  if (scipyRowsPerSecond === null) return `${own}; scipy was not measured.`;
  return `${own}; numpy and scipy in memory ${shown(scipyRowsPerSecond)} (ratio ${(ownRowsPerSecond / scipyRowsPerSecond).toFixed(2)}).`;
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)} Try --help.`);
  process.exitCode = 2;
});
