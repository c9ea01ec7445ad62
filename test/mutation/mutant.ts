/** One mutant: a place in a source file and the text that replaces it. */

/** Lines and columns count from 1, as Stryker's reports count them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Mutant {
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
  /** The name of Stryker's mutator, for example `ConditionalExpression`. */
  readonly mutator: string;
  readonly replacement: string;
}

export type Outcome = 'killed' | 'survived' | 'no-coverage' | 'type-error';

export interface JudgedMutant extends Mutant {
  readonly outcome: Outcome;
}

/** Two mutants at one place differ in mutator or replacement. */
export function keyOf({ file, start, end, mutator, replacement }: Mutant): string {
  return `${file}:${start.line}:${start.column}-${end.line}:${end.column} ${mutator} ${replacement}`;
}

/** The source with the mutant in it. */
export function withMutant(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, offsetOf(source, start)) + replacement + source.slice(offsetOf(source, end));
}

/** The text that the mutant replaces. */
export function originalText(source: string, { start, end }: Mutant): string {
  return source.slice(offsetOf(source, start), offsetOf(source, end));
}

function offsetOf(source: string, { line, column }: Position): number {
  const before = source.split('\n').slice(0, line - 1);
  return before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
}
