/** The name of a column that a query does not name, as the service's own query analyser derives it. */
import { aggregateFunctions } from '../functions/aggregate-functions.ts';
import { scalarFunctions } from '../functions/scalar-functions.ts';
import type { Expr } from '../syntax/ast.ts';

/** Undefined for expressions that become `Column1`, `Column2`, ... */
export function derivedName(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.name;
  if (expr.kind !== 'call') return undefined;
  if (expr.name === 'ingestion_time') return '$IngestionTime';
  const first = expr.args[0] && derivedName(expr.args[0]);
  const aggregate = aggregateFunctions.get(expr.name);
  if (aggregate) return `${aggregate.prefix}_${first ?? ''}${rankSuffix(expr)}`;
  const naming = scalarFunctions.get(expr.name)?.naming;
  if (naming === 'prefixed') return `${expr.name}_${first ?? ''}`;
  return naming === 'first-argument' ? first : undefined;
}

function rankSuffix(expr: Extract<Expr, { kind: 'call' }>): string {
  const rank = expr.args[1];
  if (expr.name !== 'percentile' || rank?.kind !== 'literal') return '';
  return `_${String(rank.value).replace('.', '_')}`;
}
