/** Finds the mutants that do not compile: each is put into a copy of src/, alone, and `tsc` judges it. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type JudgedMutant, withMutant } from './mutant.ts';

/** The tests are left out: they double the time, and a type error that only they see is none of the source. */
const COPIED = ['src', 'tsconfig.json', 'package.json'];
const MAX_OUTPUT_BYTES = 16_000_000;
const run = promisify(execFile);

export interface TypeCheck {
  readonly root: string;
  /** Below `root`, so that the copy finds node_modules; the caller removes it. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Copies the sources as they are now: a run takes long, and somebody may go on working meanwhile. Returns the copy. */
export function copySources({ root, folder }: Pick<TypeCheck, 'root' | 'folder'>): string {
  const copy = join(folder, 'types');
  mkdirSync(copy, { recursive: true });
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
  return copy;
}

/** The same mutants; those that tests missed and `tsc` refuses have the outcome `type-error`. `copy` is from copySources. */
export async function findTypeErrors(
  mutants: readonly JudgedMutant[],
  copy: string,
  check: TypeCheck,
): Promise<JudgedMutant[]> {
  if (!(await compiles(copy, check))) throw new Error('The sources do not compile without any mutant.');
  const judged: JudgedMutant[] = [];
  for (const mutant of mutants) {
    const missed = mutant.outcome === 'survived' || mutant.outcome === 'no-coverage';
    const refused = missed && !(await compilesWith(mutant, copy, check));
    judged.push(refused ? { ...mutant, outcome: 'type-error' } : mutant);
  }
  return judged;
}

async function compilesWith(mutant: JudgedMutant, copy: string, check: TypeCheck): Promise<boolean> {
  const file = join(copy, mutant.file);
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, withMutant(source, mutant));
  try {
    return await compiles(copy, check);
  } finally {
    writeFileSync(file, source);
  }
}

async function compiles(copy: string, { root, signal }: TypeCheck): Promise<boolean> {
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '--noEmit'], { cwd: copy, signal, maxBuffer: MAX_OUTPUT_BYTES });
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}
