/** `npm run test:mutation`: a seeded sample of mutants meets the tests; exit code 1 when too few are noticed. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseSample } from './choose-sample.ts';
import { copySources, findTypeErrors } from './find-type-errors.ts';
import { listMutants } from './list-mutants.ts';
import { type JudgedMutant, type Mutant, originalText } from './mutant.ts';
import { noticedPercent, reportOf } from './report.ts';
import { runStryker } from './run-stryker.ts';
import { BOUND_PERCENT, FOLDERS, SAMPLE_SIZE, SEED } from './settings.ts';

const HELP = `Usage: npm run test:mutation -- [--sample <n>] [--seed <n>] [--mutate <path>]... [--tests <folder>]... [--help]

Changes the sources in small ways, one change at a time, and asks the unit tests and the compiler to notice.
  --sample   how many mutants, chosen by the seed (${SAMPLE_SIZE}); more than there are: all of them
  --seed     another seed gives another sample (${SEED})
  --mutate   only this folder or file of src, repeatable; without it:
             ${FOLDERS.join('\n             ')}
  --tests    only the tests of this folder, repeatable: faster, and stricter than all of test/src
Ends with exit code 1 when less than ${BOUND_PERCENT} % are noticed. Works on copies in .slipway/mutation.
`;

const ROOT = resolve(import.meta.dirname, '../..');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sample: { type: 'string', default: String(SAMPLE_SIZE) },
      seed: { type: 'string', default: String(SEED) },
      mutate: { type: 'string', multiple: true, default: [...FOLDERS] },
      tests: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return write(HELP);
  const startedAtMs = Date.now();
  const all = await listMutants(ROOT, values.mutate);
  const sample = chooseSample(all, count('sample', values.sample), count('seed', values.seed));
  write(`${sample.length} of ${all.length} mutants, seed ${values.seed}\n`);
  const { mutants, report } = await judge(sample, values.tests);
  write(`${report}\n`);
  write(`${((Date.now() - startedAtMs) / 60_000).toFixed(1)} minutes, bound ${BOUND_PERCENT} %\n`);
  process.exitCode = noticedPercent(mutants) < BOUND_PERCENT ? 1 : 0;
}

interface Judged {
  readonly mutants: readonly JudgedMutant[];
  readonly report: string;
}

async function judge(sample: readonly Mutant[], tests: readonly string[]): Promise<Judged> {
  const folder = join(ROOT, '.slipway/mutation', String(process.pid));
  const ended = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const stop = (): void => ended.abort();
  for (const signal of signals) process.once(signal, stop);
  mkdirSync(folder, { recursive: true });
  try {
    const run = { root: ROOT, folder, signal: ended.signal };
    const copy = copySources(run);
    const mutants = await findTypeErrors(await runStryker({ ...run, sample, tests }), copy, run);
    const textOf = (mutant: JudgedMutant) => originalText(readFileSync(join(copy, mutant.file), 'utf8'), mutant);
    return { mutants, report: reportOf(mutants, textOf) };
  } finally {
    for (const signal of signals) process.removeListener(signal, stop);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${option} is "${text}", not a whole number from 1.`);
  return value;
}

function write(text: string): void {
  process.stdout.write(text);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.name === 'AbortError' ? 'Interrupted.' : error.message}\n`);
  process.exitCode = error.name === 'AbortError' ? 130 : 2;
});
