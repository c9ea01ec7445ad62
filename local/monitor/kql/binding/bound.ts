/** A scalar expression whose names and types are settled: a function from row to value. */
import type { Row, ScalarType, Value } from '../types/scalar-type.ts';

export interface Bound {
  readonly type: ScalarType;
  /** True when the value is the same for every row. */
  readonly constant: boolean;
  readonly evaluate: (row: Row) => Value;
}

const NO_ROW: Row = [];

export function constantOf(type: ScalarType, value: Value): Bound {
  return { type, constant: true, evaluate: () => value };
}

/** Joins `inputs` with `evaluate`; computed once when every input is constant. */
export function derive(type: ScalarType, inputs: readonly Bound[], evaluate: (row: Row) => Value): Bound {
  if (inputs.every((input) => input.constant)) return constantOf(type, evaluate(NO_ROW));
  return { type, constant: false, evaluate };
}

export function constantValue(bound: Bound): Value {
  return bound.evaluate(NO_ROW);
}

/** One number in, one value out; null stays null. */
export function mapNumber(type: ScalarType, input: Bound, apply: (value: number) => Value): Bound {
  const { evaluate } = input;
  return derive(type, [input], (row) => {
    const value = evaluate(row);
    return typeof value === 'number' ? apply(value) : null;
  });
}

/** Two numbers in, one value out; null when either is null. */
export function mapNumbers(
  type: ScalarType,
  left: Bound,
  right: Bound,
  apply: (left: number, right: number) => Value,
): Bound {
  return derive(type, [left, right], (row) => {
    const a = left.evaluate(row);
    const b = right.evaluate(row);
    return typeof a === 'number' && typeof b === 'number' ? apply(a, b) : null;
  });
}
