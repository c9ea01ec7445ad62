/** Settles names and types of a scalar expression; refuses unknown names and operands that do not fit. */

import { type Bound, constantOf } from '../binding/bound.ts';
import { findColumn } from '../binding/schema.ts';
import type { Scope } from '../binding/scope.ts';
import { aggregateFunctions } from '../functions/aggregate-functions.ts';
import { scalarFunctions } from '../functions/scalar-functions.ts';
import { bindArithmetic, bindSign } from '../operators/arithmetic.ts';
import { bindComparison } from '../operators/comparison.ts';
import { bindLogic } from '../operators/logic.ts';
import { bindBetween, bindIn } from '../operators/membership.ts';
import { bindTextMatch } from '../operators/text-match.ts';
import type { Expr } from '../syntax/ast.ts';
import { semanticError } from '../syntax/kql-error.ts';

export function bindExpression(expr: Expr, scope: Scope): Bound {
  const bind = (inner: Expr) => bindExpression(inner, scope);
  switch (expr.kind) {
    case 'literal':
      return constantOf(expr.type, expr.value);
    case 'name':
      return bindName(expr, scope);
    case 'call':
      return bindCall(expr, scope);
    case 'sign':
      return bindSign(expr, bind(expr.operand));
    case 'text':
      return bindTextMatch(expr, bind(expr.left), bind(expr.right));
    case 'in':
      return bindIn(expr, bind(expr.left), expr.items.map(bind));
    case 'between':
      return bindBetween(expr, bind(expr.left), bind(expr.from), bind(expr.to));
    case 'binary':
      return bindBinary(expr, bind(expr.left), bind(expr.right));
  }
}

function bindBinary(expr: Extract<Expr, { kind: 'binary' }>, left: Bound, right: Bound): Bound {
  switch (expr.op) {
    case 'and':
    case 'or':
      return bindLogic(expr.op, expr.at, left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return bindArithmetic(expr.op, expr.at, left, right);
    default:
      return bindComparison(expr.op, expr.at, left, right);
  }
}

/** Columns hide variables of the same name. */
function bindName(expr: Extract<Expr, { kind: 'name' }>, scope: Scope): Bound {
  const column = findColumn(scope.schema, expr.name);
  if (column && scope.aggregates) {
    const message = `'${scope.operator}' operator: '${expr.name}' is not inside an aggregate function`;
    throw semanticError('SEM0001', message, expr.at);
  }
  if (column) {
    const { slot } = column;
    return { type: column.type, constant: false, evaluate: (row) => row[slot] ?? null };
  }
  const variable = scope.variables.get(expr.name);
  if (variable) return variable;
  const message = `'${scope.operator}' operator: Failed to resolve column or scalar expression named '${expr.name}'`;
  throw semanticError('SEM0100', message, expr.at);
}

function bindCall(expr: Extract<Expr, { kind: 'call' }>, scope: Scope): Bound {
  const { name, at } = expr;
  const aggregate = aggregateFunctions.get(name);
  if (aggregate) {
    if (!scope.aggregates) {
      const message = `'${scope.operator}' operator: the aggregate function '${name}' is not allowed here`;
      throw semanticError('SEM0001', message, at);
    }
    checkCount(name, at, expr.args.length, aggregate);
    const inner: Scope = { ...scope, aggregates: undefined };
    const args = expr.args.map((arg) => bindExpression(arg, inner));
    return scope.aggregates.add(aggregate.bind(args, { name, at, scope: inner }));
  }
  const scalar = scalarFunctions.get(name);
  if (!scalar) throw semanticError('SEM0260', `Unknown function: '${name}'.`, at);
  checkCount(name, at, expr.args.length, scalar);
  const args = expr.args.map((arg) => bindExpression(arg, scope));
  return scalar.bind(args, { name, at, scope });
}

function checkCount(name: string, at: number, given: number, wants: { minArgs: number; maxArgs: number }): void {
  if (given >= wants.minArgs && given <= wants.maxArgs) return;
  const expected =
    wants.minArgs === wants.maxArgs
      ? `${wants.minArgs}`
      : `between ${wants.minArgs} and ${wants.maxArgs === Number.POSITIVE_INFINITY ? 'any number of' : wants.maxArgs}`;
  throw semanticError('SEM0001', `${name}(): function expects ${expected} argument(s), ${given} given`, at);
}
