/**
 * The scalar types of the query language and how their values are held.
 *
 * int, long and real are numbers; datetime is milliseconds since the Unix epoch and timespan is milliseconds, both with
 * fractions (exact to a microsecond); null stands for the typed null of every type except string, which has none.
 */

export type ScalarType = 'bool' | 'int' | 'long' | 'real' | 'datetime' | 'timespan' | 'string' | 'dynamic';

export type Value = number | string | boolean | null | readonly Value[];

export type Row = readonly Value[];

export function isNumeric(type: ScalarType): boolean {
  return type === 'int' || type === 'long' || type === 'real';
}

export function isIntegral(type: ScalarType): boolean {
  return type === 'int' || type === 'long';
}

/** The type that holds both, or undefined when the two do not mix; numbers widen int, long, real. */
export function commonType(left: ScalarType, right: ScalarType): ScalarType | undefined {
  if (left === right) return left;
  if (!isNumeric(left) || !isNumeric(right)) return undefined;
  return left === 'real' || right === 'real' ? 'real' : 'long';
}
