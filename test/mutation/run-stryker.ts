/**
 * Runs Stryker on a sample and returns each mutant with its outcome.
 * Stryker works on a copy in `folder`: the checkout is never written to.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type JudgedMutant, keyOf, type Mutant, type Outcome, type Position } from './mutant.ts';
import { SAMPLE_VARIABLE } from './sample-checker.ts';

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly ReportedMutant[] }>>;
}

interface ReportedMutant {
  readonly location: { readonly start: Position; readonly end: Position };
  readonly mutatorName: string;
  readonly replacement: string;
  readonly status: string;
}

export interface StrykerRun {
  readonly root: string;
  /** Below `root`, ignored by git; the caller removes it. */
  readonly folder: string;
  readonly sample: readonly Mutant[];
  /** Folders whose tests are asked; none: all that import the mutated files. */
  readonly tests: readonly string[];
  readonly signal: AbortSignal;
}

export async function runStryker(run: StrykerRun): Promise<JudgedMutant[]> {
  const { root, folder, sample, signal } = run;
  const configFile = join(folder, 'stryker.config.json');
  const reportFile = join(folder, 'report.json');
  const sampleFile = join(folder, 'sample.json');
  writeFileSync(configFile, JSON.stringify(configurationOf(run, reportFile)));
  writeFileSync(sampleFile, JSON.stringify(sample.map(keyOf)));
  const core = dirname(createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json'));
  const child = spawn(process.execPath, [join(core, 'bin/stryker.js'), 'run', configFile], {
    cwd: root,
    env: { ...process.env, [SAMPLE_VARIABLE]: sampleFile },
    stdio: ['ignore', 'inherit', 'inherit'],
    signal,
    killSignal: 'SIGTERM',
  });
  const code = await new Promise((done, fail) => child.once('close', done).once('error', fail));
  if (code !== 0) throw new Error(`Stryker ended with exit code ${code}.`);
  return judged(sample, JSON.parse(readFileSync(reportFile, 'utf8')) as Report);
}

function configurationOf({ root, folder, sample, tests }: StrykerRun, reportFile: string): unknown {
  return {
    testRunner: 'vitest',
    vitest: { configFile: 'test/mutation/vitest.config.ts' },
    plugins: ['@stryker-mutator/vitest-runner', join(import.meta.dirname, 'sample-checker.ts')],
    checkers: ['sample'],
    mutate: [...new Set(sample.map(rangeOf))],
    ...(tests.length > 0 && { testFiles: tests.map((path) => `${path}/**/*.test.ts`) }),
    coverageAnalysis: 'perTest',
    concurrency: 2,
    // A busy machine must not look like an endless loop.
    timeoutMS: 20_000,
    timeoutFactor: 3,
    dryRunTimeoutMinutes: 30,
    // Stryker's rewriting of tsconfig.json needs the API of TypeScript 6; the tests do not read that file.
    tsconfigFile: 'none.json',
    disableTypeChecks: false,
    // The copy lies below the root: imports find node_modules there. Some tests use the Python environments.
    symlinkNodeModules: false,
    // Run without a shell, in .slipway/mutation/<process>/copy/<sandbox>.
    buildCommand: 'ln -s ../../../.. .slipway',
    ignorePatterns: ['.slipway', 'dist'],
    tempDirName: join(relative(root, folder), 'copy'),
    cleanTempDir: 'always',
    reporters: ['progress-append-only', 'json'],
    jsonReporter: { fileName: reportFile },
    logLevel: 'warn',
    warnings: false,
  };
}

/** Stryker's ranges count lines from 1 and columns from 0. */
function rangeOf({ file, start, end }: Mutant): string {
  return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}

function judged(sample: readonly Mutant[], { files }: Report): JudgedMutant[] {
  const statuses = new Map(
    Object.entries(files).flatMap(([file, { mutants }]) =>
      mutants.map(({ location, mutatorName, replacement, status }): [string, string] => [
        keyOf({ file, start: location.start, end: location.end, mutator: mutatorName, replacement }),
        status,
      ]),
    ),
  );
  return sample.map((mutant) => ({ ...mutant, outcome: outcomeOf(mutant, statuses.get(keyOf(mutant))) }));
}

function outcomeOf(mutant: Mutant, status: string | undefined): Outcome {
  switch (status) {
    case 'Killed':
    case 'Timeout':
    case 'RuntimeError':
      return 'killed';
    case 'Survived':
      return 'survived';
    case 'NoCoverage':
      return 'no-coverage';
    default:
      throw new Error(`Stryker reported ${status ?? 'nothing'} for ${keyOf(mutant)}.`);
  }
}
