/** `npm run bench:drift [-- --quick] [-- --write]`: error rates of drift rules on the same samples, and speed beside scipy. */
import { join } from 'node:path';
import { runCommand } from '../laboratory/run-command.ts';
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

async function report(isQuick: boolean, progress: (share: number) => void): Promise<string> {
  const results = await runLaboratory(isQuick ? QUICK : FULL, progress);
  const speed = await measureSpeed(SPEED_ROWS);
  return `# Drift rules in the laboratory

Pairs of samples, drawn with the seeds 1, 2, ... of each row; all rules see the same pairs. ± is one standard error, of a share of at
least half a repetition. "20 Zipf": 20 categories, the k-th with a weight of 1/k; heavy-tailed: 98.5 % lognormal, 1.5 % Pareto.

${goalsTable(results)}

${allTables(results)}

## Speed

${speedSentence(speed)}
`;
}

function speedSentence({ rows, ownRowsPerSecond, scipyRowsPerSecond }: Speed): string {
  const shown = (rate: number) => `${(rate / 1e6).toFixed(1)} million rows a second`;
  const own = `${rows.toLocaleString('en')} rows of one numeric feature: ${shown(ownRowsPerSecond)}`;
  if (scipyRowsPerSecond === null) return `${own}; scipy was not measured.`;
  return `${own}; numpy and scipy in memory ${shown(scipyRowsPerSecond)} (ratio ${(ownRowsPerSecond / scipyRowsPerSecond).toFixed(2)}).`;
}

runCommand({ help: HELP, resultsFile: join(import.meta.dirname, 'RESULTS.md'), report });
