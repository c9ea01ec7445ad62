/** Every mutant that Stryker would make of the given folders, in the order of files and places. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@stryker-mutator/api/logging';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import type { Mutant } from './mutant.ts';

const SILENT: Logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  fatal: () => undefined,
};

/** `paths` are folders or files, relative to `root`. */
export async function listMutants(root: string, paths: readonly string[]): Promise<Mutant[]> {
  const patterns = paths.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.ts`));
  const files = [...new Set(globSync(patterns, { cwd: root }))].sort();
  if (files.length === 0) throw new Error(`No TypeScript file in ${paths.join(', ')}.`);
  const { mutants } = await new Instrumenter(SILENT).instrument(
    files.map((name) => ({ name, content: readFileSync(join(root, name), 'utf8'), mutate: true })),
    { plugins: null, ignorers: [], excludedMutations: [] },
  );
  return mutants.map(({ fileName, location: { start, end }, mutatorName, replacement }) => ({
    file: fileName,
    start: { line: start.line + 1, column: start.column + 1 },
    end: { line: end.line + 1, column: end.column + 1 },
    mutator: mutatorName,
    replacement,
  }));
}
