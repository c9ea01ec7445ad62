/**
 * Equality and order. Two nulls compare to null, null and a value are unequal, and order with null is null ("Null
 * values" of the Kusto documentation). Types that do not mix are refused: no silent conversion of text to number.
 */

import { type Bound, derive, mapNumbers } from '../binding/bound.ts';
import type { CompareOp } from '../syntax/ast.ts';
import { semanticError } from '../syntax/kql-error.ts';
import { commonType, type Value } from '../types/scalar-type.ts';

type OrderOp = '<' | '<=' | '>' | '>=';

const ORDER: Readonly<Record<OrderOp, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

export function bindComparison(op: CompareOp, at: number, left: Bound, right: Bound): Bound {
  if (op === '=~' || op === '!~') return bindIgnoringCase(op, at, left, right);
  if (op === '==' || op === '!=') return bindEquality(op === '!=', at, left, right);
  const type = commonType(left.type, right.type);
  if (!type || type === 'string' || type === 'bool' || type === 'dynamic') throw mismatch(left, right, at);
  return mapNumbers('bool', left, right, ORDER[op]);
}

function bindEquality(negated: boolean, at: number, left: Bound, right: Bound): Bound {
  const type = commonType(left.type, right.type);
  if (!type || type === 'dynamic') throw mismatch(left, right, at);
  return derive('bool', [left, right], (row) => {
    const equal = equals(left.evaluate(row), right.evaluate(row));
    return equal === null ? null : equal !== negated;
  });
}

function equals(left: Value, right: Value): boolean | null {
  return left === null && right === null ? null : left === right;
}

function bindIgnoringCase(op: '=~' | '!~', at: number, left: Bound, right: Bound): Bound {
  if (left.type !== 'string' || right.type !== 'string') throw mismatch(left, right, at);
  return derive('bool', [left, right], (row) => {
    const equal = foldCase(left.evaluate(row)) === foldCase(right.evaluate(row));
    return equal === (op === '=~');
  });
}

export function foldCase(value: Value): string {
  return String(value ?? '').toLowerCase();
}

export function mismatch(left: Bound, right: Bound, at: number): Error {
  const message = `Cannot compare values of types ${left.type} and ${right.type}. Try adding explicit casts`;
  return semanticError('SEM0064', message, at);
}
