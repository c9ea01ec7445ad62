/** Binds summarize and distinct to a grouping step. */
import { semanticError } from '../kql-error.ts';
import type { NamedExpr, Operator } from '../syntax/ast.ts';
import { AggregateCollector } from './aggregate-collector.ts';
import { bindColumns, type NamedBound, schemaOf } from './bind-columns.ts';
import type { GroupStep } from './plan.ts';
import type { Schema } from './schema.ts';
import type { Scope } from './scope.ts';

export interface BoundGroup {
  readonly step: GroupStep;
  readonly schema: Schema;
}

export function bindSummarize(operator: Extract<Operator, { kind: 'summarize' }>, scope: Scope): BoundGroup {
  const taken = new Set<string>();
  const keys = bindColumns(operator.keys, scope, taken);
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
  return group(bindColumns(columns, scope, new Set()), [], new AggregateCollector());
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
