/** `npm run bench:canary [-- --quick] [-- --write]`: error rates of the decision rule beside those of other systems, on the same buckets. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCost } from './cost.ts';
import { type Repetitions, runLaboratory } from './run-laboratory.ts';
import { allTables } from './tables.ts';

const FULL: Repetitions = { harmless: 1200, others: 600 };
const QUICK: Repetitions = { harmless: 100, others: 50 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  });
  const repetitions = values.quick ? QUICK : FULL;
  const startedMs = performance.now();
  const results = await runLaboratory(repetitions, (share) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${(100 * share).toFixed(0)} %`);
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  const report = `# The decision rule in the laboratory

${repetitions.harmless} rollouts of each harmless scenario and promotion boundary, ${repetitions.others} of each regression; 60 looks of one minute; seeded.
Margins: +0.2 pp errors, 10.4 % latency; promotion +0.75 pp, 35 %. N* is ln(100) / KL. All rules read the same buckets.

${allTables(results)}

${measureCost()}
`;
  console.log(report);
  console.error(`${seconds} s`);
  if (values.write) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), report);
}

await main();
