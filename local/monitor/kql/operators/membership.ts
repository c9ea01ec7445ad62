/** `in` and `between` with their negated and case-ignoring forms. */

import { type Bound, constantValue, derive } from '../binding/bound.ts';
import type { Expr } from '../syntax/ast.ts';
import { semanticError } from '../syntax/kql-error.ts';
import { commonType, type Row, type Value } from '../types/scalar-type.ts';
import { bindArithmetic } from './arithmetic.ts';
import { bindComparison, foldCase, mismatch } from './comparison.ts';
import { bindLogic } from './logic.ts';

/** A null on the left is in no list. */
export function bindIn(expr: Extract<Expr, { kind: 'in' }>, left: Bound, items: readonly Bound[]): Bound {
  for (const item of items) {
    const type = commonType(left.type, item.type);
    if (!type || type === 'dynamic') throw mismatch(left, item, expr.at);
    if (!expr.caseSensitive && type !== 'string') {
      throw semanticError('SEM0001', `'in~' compares strings, not ${type}`, expr.at);
    }
  }
  const form = expr.caseSensitive ? (value: Value) => value : foldCase;
  const has = items.every((item) => item.constant) ? hasConstant(items, form) : hasComputed(items, form);
  return derive('bool', [left, ...items], (row) => {
    const value = left.evaluate(row);
    return (value !== null && has(form(value), row)) !== expr.negated;
  });
}

type Has = (value: Value, row: Row) => boolean;

function hasConstant(items: readonly Bound[], form: (value: Value) => Value): Has {
  const values = new Set(items.map((item) => form(constantValue(item))));
  return (value) => values.has(value);
}

function hasComputed(items: readonly Bound[], form: (value: Value) => Value): Has {
  return (value, row) => items.some((item) => form(item.evaluate(row)) === value);
}

/** Both ends belong to the range; for a datetime the upper end may be a timespan counted from the lower one. */
export function bindBetween(expr: Extract<Expr, { kind: 'between' }>, left: Bound, from: Bound, to: Bound): Bound {
  const { at, negated } = expr;
  const spans = from.type === 'datetime' && to.type === 'timespan';
  const upper = spans ? bindArithmetic('+', at, from, to) : to;
  const inside = bindLogic('and', at, bindComparison('>=', at, left, from), bindComparison('<=', at, left, upper));
  if (!negated) return inside;
  return derive('bool', [inside], (row) => {
    const value = inside.evaluate(row);
    return value === null ? null : !value;
  });
}
