/**
 * Sums, products and remainders with the query language's type rules ("Numerical operators", "Datetime / timespan
 * arithmetic" of the Kusto documentation): integers stay integers, so 1 / 2 is 0; a remainder is never negative;
 * an integer divided by zero is null.
 */

import { type Bound, mapNumber, mapNumbers } from '../binding/bound.ts';
import type { ArithmeticOp } from '../syntax/ast.ts';
import { semanticError } from '../syntax/kql-error.ts';
import { commonType, isNumeric, type ScalarType } from '../types/scalar-type.ts';

type Apply = (left: number, right: number) => number | null;

const remainder: Apply = (left, right) => {
  if (right === 0) return null;
  const size = Math.abs(right);
  return ((left % size) + size) % size;
};

const REAL: Readonly<Record<ArithmeticOp, Apply>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': remainder,
};

const integerDivision: Apply = (left, right) => (right === 0 ? null : Math.trunc(left / right));

/** Result types of operations with times; every pair that is absent is refused. */
const TIMES: Readonly<Record<string, ScalarType>> = {
  'datetime+timespan': 'datetime',
  'timespan+datetime': 'datetime',
  'timespan+timespan': 'timespan',
  'datetime-datetime': 'timespan',
  'datetime-timespan': 'datetime',
  'timespan-timespan': 'timespan',
  'timespan*number': 'timespan',
  'number*timespan': 'timespan',
  'timespan/timespan': 'real',
  'timespan/number': 'timespan',
  'timespan%timespan': 'timespan',
};

export function bindArithmetic(op: ArithmeticOp, at: number, left: Bound, right: Bound): Bound {
  if (isNumeric(left.type) && isNumeric(right.type)) {
    if (commonType(left.type, right.type) === 'real') return mapNumbers('real', left, right, REAL[op]);
    return mapNumbers('long', left, right, op === '/' ? integerDivision : REAL[op]);
  }
  const type = TIMES[`${family(left.type)}${op}${family(right.type)}`];
  if (type) return mapNumbers(type, left, right, REAL[op]);
  const message = `Arithmetic expression cannot be carried-out between ${left.type} and ${right.type} ('${op}')`;
  throw semanticError('SEM0001', message, at);
}

/** A signed integer is long, whatever the operand was. */
export function bindSign(expr: { readonly at: number; readonly negative: boolean }, operand: Bound): Bound {
  const { type } = operand;
  if (!isNumeric(type) && type !== 'timespan') {
    throw semanticError('SEM0001', `A sign cannot stand before a value of type ${type}`, expr.at);
  }
  return mapNumber(type === 'int' ? 'long' : type, operand, (value) => (expr.negative ? 0 - value : value));
}

function family(type: ScalarType): string {
  return isNumeric(type) ? 'number' : type;
}
