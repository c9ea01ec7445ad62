/** Binds summarize and distinct to a grouping step. */

import { AggregateCollector } from '../binding/aggregate-collector.ts';
import type { Schema } from '../binding/schema.ts';
import type { Scope } from '../binding/scope.ts';
import type { NamedExpr, Operator } from '../syntax/ast.ts';
import { semanticError } from '../syntax/kql-error.ts';
import { bindColumns, type NamedBound, schemaOf } from './bind-columns.ts';
import type { GroupStep } from './plan.ts';

export interface BoundGroup {
  readonly step: GroupStep;
  readonly schema: Schema;
}

export function bindSummarize(operator: Extract<Operator, { kind: 'summarize' }>, scope: Scope): BoundGroup {
  const taken = new Set<string>();
  const keys = bindKeys(operator.keys, scope, taken);
  const aggregates = new AggregateCollector();
  const results = expandPercentiles(operator.aggregates).map((column) => {
    const before = aggregates.list().length;
    const [bound] = bindColumns([column], { ...scope, aggregates }, taken);
    if (!bound || aggregates.list().length === before) throw notAggregate(column);
    return bound;
  });
  return group(keys, results, aggregates);
}

export function bindDistinct(columns: readonly NamedExpr[], scope: Scope): BoundGroup {
  return group(bindKeys(columns, scope, new Set()), [], new AggregateCollector());
}

function bindKeys(list: readonly NamedExpr[], scope: Scope, taken: Set<string>): readonly NamedBound[] {
  const keys = bindColumns(list, scope, taken);
  const dynamic = keys.findIndex(({ bound }) => bound.type === 'dynamic');
  if (dynamic < 0) return keys;
  const message = `'${scope.operator}' operator: rows cannot be grouped by a dynamic value`;
  throw semanticError('SEM0001', message, list[dynamic]?.at ?? 0);
}

function group(
  keys: readonly NamedBound[],
  results: readonly NamedBound[],
  aggregates: AggregateCollector,
): BoundGroup {
  const step: GroupStep = {
    kind: 'group',
    keys: keys.map(({ bound }) => bound),
    aggregates: aggregates.list(),
    results: results.map(({ bound }) => bound),
  };
  return { step, schema: schemaOf([...keys, ...results]) };
}

/** `percentiles(x, 50, 95)` is one percentile column per rank; a given name goes to the first. */
function expandPercentiles(columns: readonly NamedExpr[]): readonly NamedExpr[] {
  return columns.flatMap((column) => {
    const { expr, at } = column;
    const [value, ...ranks] = expr.kind === 'call' && expr.name === 'percentiles' ? expr.args : [];
    if (!value || ranks.length === 0) return [column];
    return ranks.map((rank, index): NamedExpr => {
      const name = index === 0 ? column.name : undefined;
      return { name, at, expr: { kind: 'call', name: 'percentile', at: expr.at, args: [value, rank] } };
    });
  });
}

function notAggregate(column: NamedExpr): Error {
  const message = "'summarize' operator: the expression holds no aggregate function";
  return semanticError('SEM0001', message, column.at);
}
