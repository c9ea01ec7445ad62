/** `npm run bench:drift [-- --quick] [-- --write]`: error rates of drift rules on the same samples, and speed beside scipy. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runLaboratory } from './run-laboratory.ts';
import { measureSpeed, type Speed } from './speed.ts';
import { tallyTable, targetTable } from './tables.ts';

const FULL = 1000;
const QUICK = 100;
const SPEED_ROWS = 1_000_000;

const HELP = `Usage: npm run bench:drift [-- --quick] [-- --write]

Draws samples with and without drift and prints how often each rule raises an alarm, then the rows per second of the
product's summaries beside numpy and scipy on the same data.

  --quick  ${QUICK} repetitions instead of ${FULL}
  --write  writes test/bench/drift/RESULTS.md too
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const repetitions = values.quick ? QUICK : FULL;
  const tallies = await runLaboratory(repetitions, (share) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${(100 * share).toFixed(0)} %`);
  });
  const speed = await measureSpeed(SPEED_ROWS);
  const report = `# Drift rules in the laboratory

${repetitions} pairs of samples per row, seeded. First figure: alarms without drift; second: with a drift (normal: a quarter of a
standard deviation; heavy-tailed: 1.3 times as large). Per cent, standard error ${(100 * Math.sqrt(0.01 / repetitions)).toFixed(1)} at 1 %.

${tallyTable(tallies)}

${targetTable(tallies)}

${speedSentence(speed)}
`;
  console.log(report);
  if (values.write) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), report);
}

function speedSentence({ rows, ownRowsPerSecond, scipyRowsPerSecond }: Speed): string {
  const shown = (rate: number) => `${(rate / 1e6).toFixed(1)} million rows a second`;
  const own = `${rows.toLocaleString('en')} rows of one numeric feature: ${shown(ownRowsPerSecond)}`;
  if (scipyRowsPerSecond === null) return `${own}; scipy was not measured.`;
  return `${own}; numpy and scipy in memory ${shown(scipyRowsPerSecond)} (ratio ${(ownRowsPerSecond / scipyRowsPerSecond).toFixed(2)}).`;
}

await main();
