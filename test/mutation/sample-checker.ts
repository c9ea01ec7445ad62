/** Stryker plugin: a place may have several mutants, and only those of the sample are run. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type Checker, type CheckResult, CheckStatus } from '@stryker-mutator/api/check';
import type { Mutant as StrykerMutant } from '@stryker-mutator/api/core';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { keyOf } from './mutant.ts';

/** The environment variable that names the file with the sample's keys. */
export const SAMPLE_VARIABLE = 'SLIPWAY_MUTATION_SAMPLE';

let chosen: ReadonlySet<string> = new Set();

const checker: Checker = {
  async init() {
    chosen = new Set(JSON.parse(readFileSync(String(process.env[SAMPLE_VARIABLE]), 'utf8')) as string[]);
  },
  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  },
  async check(mutants) {
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, resultOf(mutant)]));
  },
};

function resultOf({ fileName, location: { start, end }, mutatorName, replacement }: StrykerMutant): CheckResult {
  const key = keyOf({
    file: relative(process.cwd(), fileName),
    start: { line: start.line + 1, column: start.column + 1 },
    end: { line: end.line + 1, column: end.column + 1 },
    mutator: mutatorName,
    replacement,
  });
  if (chosen.has(key)) return { status: CheckStatus.Passed };
  return { status: CheckStatus.CompileError, reason: 'not in the sample' };
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Checker, 'sample', checker)];
