/** The result as text: counts, the percentage that was noticed, and every survivor with its replacement. */
import type { JudgedMutant, Outcome } from './mutant.ts';

const NOTICED: readonly Outcome[] = ['killed', 'type-error'];
const SHOWN_LENGTH = 100;

/** Share of the mutants that a test or the compiler noticed; 100 where there is none. */
export function noticedPercent(mutants: readonly JudgedMutant[]): number {
  if (mutants.length === 0) return 100;
  return (100 * mutants.filter(({ outcome }) => NOTICED.includes(outcome)).length) / mutants.length;
}

/** `original` returns the text that a mutant replaces. */
export function reportOf(mutants: readonly JudgedMutant[], original: (mutant: JudgedMutant) => string): string {
  const count = (wanted: Outcome): number => mutants.filter(({ outcome }) => outcome === wanted).length;
  return [
    ...mutants.filter(({ outcome }) => !NOTICED.includes(outcome)).map((mutant) => survivorLine(mutant, original)),
    `${count('killed')} killed, ${count('type-error')} refused by the compiler, ` +
      `${count('survived')} survived, ${count('no-coverage')} not covered: ` +
      `${noticedPercent(mutants).toFixed(1)} % of ${mutants.length} noticed`,
  ].join('\n');
}

function survivorLine(mutant: JudgedMutant, original: (mutant: JudgedMutant) => string): string {
  const { file, start, outcome, mutator, replacement } = mutant;
  const where = `${file}:${start.line}:${start.column}`;
  return `${outcome.padEnd(11)} ${where}  ${mutator}\n              ${short(original(mutant))}  =>  ${short(replacement)}`;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= SHOWN_LENGTH ? line : `${line.slice(0, SHOWN_LENGTH)}…`;
}
