/** Runs query text against tables; the answer has the shape of one table of the logs query API. */
import { bindQuery, type QueryContext } from './plan/bind-query.ts';
import { executePlan } from './plan/execute-plan.ts';
import { parseQuery } from './syntax/parse-query.ts';
import type { ScalarType } from './types/scalar-type.ts';
import { jsonCell } from './types/text-form.ts';

export interface ResultTable {
  readonly name: 'PrimaryResult';
  readonly columns: readonly { readonly name: string; readonly type: ScalarType }[];
  readonly rows: readonly (readonly (number | string | boolean | null)[])[];
}

/** Fails with a KqlError when the query is refused. */
export function runQuery(text: string, context: QueryContext): ResultTable {
  const plan = bindQuery(parseQuery(text), context);
  const { columns } = plan.schema;
  const rows = executePlan(plan);
  return {
    name: 'PrimaryResult',
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.map((row) => columns.map(({ slot, type }) => jsonCell(row[slot] ?? null, type))),
  };
}
