/** Binds lists of named expressions: gives each column its name and refuses a name that is used twice. */

import type { Bound } from '../binding/bound.ts';
import { type Column, type Schema, uniqueName } from '../binding/schema.ts';
import type { Scope } from '../binding/scope.ts';
import type { Expr, NamedExpr } from '../syntax/ast.ts';
import { semanticError } from '../syntax/kql-error.ts';
import { bindExpression } from './bind-expression.ts';
import { derivedName } from './column-name.ts';

export interface NamedBound {
  readonly name: string;
  readonly bound: Bound;
}

/** `taken` holds the names given so far and grows. Plain columns and given names must be new; derived names are numbered. */
export function bindColumns(list: readonly NamedExpr[], scope: Scope, taken: Set<string>): readonly NamedBound[] {
  return list.map((column) => {
    const name = nameFor(column, taken);
    taken.add(name);
    return { name, bound: bindExpression(column.expr, scope) };
  });
}

function nameFor({ name, expr, at }: NamedExpr, taken: ReadonlySet<string>): string {
  const fixed = name ?? (expr.kind === 'name' ? expr.name : undefined);
  if (fixed === undefined) return derived(expr, taken);
  if (!taken.has(fixed)) return fixed;
  throw semanticError('SEM0001', `A column with the name '${fixed}' is already declared`, at);
}

/** Columns without any name count from `Column1`. */
function derived(expr: Expr, taken: ReadonlySet<string>): string {
  const name = derivedName(expr);
  if (name !== undefined) return uniqueName(name, taken);
  for (let number = 1; ; number += 1) {
    if (!taken.has(`Column${number}`)) return `Column${number}`;
  }
}

/** A schema of exactly these columns, in this order. */
export function schemaOf(columns: readonly NamedBound[]): Schema {
  return {
    columns: columns.map(({ name, bound }, slot): Column => ({ name, type: bound.type, slot })),
    width: columns.length,
    ingestionSlot: undefined,
  };
}
