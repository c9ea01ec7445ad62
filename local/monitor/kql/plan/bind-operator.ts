/** Binds one operator: the steps it adds and the schema it leaves behind. */

import { constantValue } from '../binding/bound.ts';
import { type Column, findColumn, type Schema } from '../binding/schema.ts';
import type { Scope } from '../binding/scope.ts';
import type { Expr, NamedExpr, NameRef, Operator, SortKey } from '../syntax/ast.ts';
import { semanticError } from '../syntax/kql-error.ts';
import { isIntegral } from '../types/scalar-type.ts';
import { bindColumns, type NamedBound, schemaOf } from './bind-columns.ts';
import { bindExpression } from './bind-expression.ts';
import { bindDistinct, bindSummarize } from './bind-summarize.ts';
import { derivedName } from './column-name.ts';
import type { SortOrder, Step } from './plan.ts';

export interface BoundOperator {
  readonly steps: readonly Step[];
  readonly schema: Schema;
}

export function bindOperator(operator: Operator, scope: Scope): BoundOperator {
  const { schema } = scope;
  switch (operator.kind) {
    case 'where':
      return { steps: [bindFilter(operator.predicate, scope)], schema };
    case 'extend':
      return bindExtend(operator.columns, scope);
    case 'project': {
      const columns = bindColumns(operator.columns, scope, new Set());
      const rebuilt = schemaOf(columns);
      return { steps: [{ kind: 'rebuild', cells: columns.map(({ bound }) => bound) }], schema: rebuilt };
    }
    case 'project-away':
      return { steps: [], schema: without(operator.names, schema) };
    case 'summarize':
      return single(bindSummarize(operator, scope));
    case 'distinct':
      return single(bindDistinct(operator.columns === '*' ? allColumns(schema) : operator.columns, scope));
    case 'order':
      return { steps: [bindSort(operator.keys, scope)], schema };
    case 'take':
      return { steps: [bindLimit(operator.count, scope)], schema };
    case 'top':
      return { steps: [bindSort([operator.key], scope), bindLimit(operator.count, scope)], schema };
    case 'count': {
      const call: Expr = { kind: 'call', name: 'count', args: [], at: 0 };
      return single(
        bindSummarize({ kind: 'summarize', aggregates: [{ name: 'Count', expr: call, at: 0 }], keys: [] }, scope),
      );
    }
  }
}

function single(bound: { readonly step: Step; readonly schema: Schema }): BoundOperator {
  return { steps: [bound.step], schema: bound.schema };
}

function bindFilter(expr: Expr, scope: Scope): Step {
  const predicate = bindExpression(expr, scope);
  if (predicate.type === 'bool') return { kind: 'filter', predicate };
  const message = `'where' operator: the expression must have the type bool, not ${predicate.type}`;
  throw semanticError('SEM0001', message, expr.at);
}

/** A column of an existing name keeps its place among the columns and gets the new cell. */
function bindExtend(list: readonly NamedExpr[], scope: Scope): BoundOperator {
  const { schema } = scope;
  const added: NamedBound[] = [];
  for (const column of list) {
    const taken = namesTakenFor(column, added, schema);
    added.push(...bindColumns([column], scope, taken));
  }
  const columns: Column[] = [...schema.columns];
  for (const [index, { name, bound }] of added.entries()) {
    const column: Column = { name, type: bound.type, slot: schema.width + index };
    const existing = columns.findIndex((candidate) => candidate.name === name);
    columns.splice(existing < 0 ? columns.length : existing, existing < 0 ? 0 : 1, column);
  }
  return {
    steps: [{ kind: 'append', cells: added.map(({ bound }) => bound) }],
    schema: { ...schema, columns, width: schema.width + added.length },
  };
}

/** A name that the query gives must be new in its list, a numbered one in the table; one from an argument replaces. */
function namesTakenFor(column: NamedExpr, added: readonly NamedBound[], schema: Schema): Set<string> {
  if (column.name !== undefined || column.expr.kind === 'name') return new Set(added.map(({ name }) => name));
  if (derivedName(column.expr) !== undefined) return new Set();
  return new Set([...added, ...schema.columns].map(({ name }) => name));
}

function without(names: readonly NameRef[], schema: Schema): Schema {
  for (const { name, at } of names) {
    if (findColumn(schema, name)) continue;
    throw semanticError('SEM0100', `'project-away' operator: Failed to resolve column named '${name}'`, at);
  }
  const away = new Set(names.map(({ name }) => name));
  return { ...schema, columns: schema.columns.filter(({ name }) => !away.has(name)) };
}

function allColumns(schema: Schema): readonly NamedExpr[] {
  return schema.columns.map(({ name }) => ({ name, expr: { kind: 'name', name, at: 0 }, at: 0 }));
}

function bindSort(keys: readonly SortKey[], scope: Scope): Step {
  const orders = keys.map(({ expr, descending, nullsFirst }): SortOrder => {
    const value = bindExpression(expr, scope);
    if (value.type !== 'dynamic') return { value, descending, nullsFirst };
    throw semanticError('SEM0001', `'${scope.operator}' operator: a dynamic value has no order`, expr.at);
  });
  return { kind: 'sort', orders };
}

function bindLimit(expr: Expr, scope: Scope): Step {
  const count = bindExpression(expr, { ...scope, schema: { columns: [], width: 0, ingestionSlot: undefined } });
  const value = count.constant && isIntegral(count.type) ? constantValue(count) : null;
  if (typeof value === 'number' && value >= 0) return { kind: 'limit', count: value };
  const message = `'${scope.operator}' operator: the number of rows must be a constant whole number, 0 or more`;
  throw semanticError('SEM0001', message, expr.at);
}
