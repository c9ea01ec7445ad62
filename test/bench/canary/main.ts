/** `npm run bench:canary [-- --quick] [-- --write]`: error rates of the decision rule beside those of other systems, on the same buckets. */
import { join } from 'node:path';
import { runCommand } from '../laboratory/run-command.ts';
import { answersTable } from './answers/answers-table.ts';
import { runAnswers } from './answers/run-answers.ts';
import { measureCost } from './cost.ts';
import { goalsTable } from './goals.ts';
import { HARDEST, type Repetitions, runLaboratory } from './run-laboratory.ts';
import { allTables } from './tables.ts';

const FULL: Repetitions = { harmless: 1200, others: 600, hardest: 4800 };
const QUICK: Repetitions = { harmless: 100, others: 50, hardest: 100 };
/** Part of the time that the rollouts of traffic take. */
const OF_TRAFFIC = 0.9;

const HELP = `Measures the canary rule on synthetic rollouts, beside ports of other systems' rules on the same buckets.

  npm run bench:canary [-- --quick] [-- --write]

  --quick   a twelfth of the rollouts: half a minute instead of about six on two cores
  --write   writes the report to test/bench/canary/RESULTS.md as well
  --help    this text

The report goes to standard output, progress to standard error. The same seeds give the same figures on every machine.`;

async function report(isQuick: boolean, progress: (share: number) => void): Promise<string> {
  const repetitions = isQuick ? QUICK : FULL;
  const results = await runLaboratory(repetitions, (share) => progress(OF_TRAFFIC * share));
  const answers = await runAnswers(repetitions, (share) => progress(OF_TRAFFIC + (1 - OF_TRAFFIC) * share));
  const { harmless, others, hardest } = repetitions;
  return `# The decision rule in the laboratory

${harmless} rollouts of each harmless scenario and promotion boundary (${hardest} of ${HARDEST} for Slipway), ${others} of each regression; 60 looks of one minute. Rollout r of scenario s has the seed 1000 r + s, r from 1.
Margins: +0.2 pp errors, 10.4 % latency; promotion +0.75 pp, 35 %. N* is ln(100) / KL, the least mean number of green requests of any test of level 1 %. All rules read the same buckets. ± is one standard error.
The weights of the looked-for regressions were chosen on rollouts of these scenarios (B, C and A9 among them) made from other seeds: the C scenarios lie between those regressions but were seen in that choice.

${goalsTable(results, measureCost())}

${allTables(results)}

${answersTable(answers)}
`;
}

runCommand({ help: HELP, resultsFile: join(import.meta.dirname, 'RESULTS.md'), report });
