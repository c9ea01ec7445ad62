/** Binds a parsed query against the tables it may read. */

import { type Bound, constantOf, constantValue } from '../binding/bound.ts';
import type { Schema } from '../binding/schema.ts';
import type { NameRef, Pipeline, Query } from '../syntax/ast.ts';
import { KqlError, semanticError } from '../syntax/kql-error.ts';
import { bindExpression } from './bind-expression.ts';
import { bindOperator } from './bind-operator.ts';
import type { Plan, Step, Table } from './plan.ts';

export interface QueryContext {
  readonly tables: ReadonlyMap<string, Table>;
  readonly nowMs: number;
}

interface Names {
  readonly context: QueryContext;
  readonly variables: Map<string, Bound>;
  readonly tables: Map<string, Table | Plan>;
}

const NO_COLUMNS: Schema = { columns: [], width: 0, ingestionSlot: undefined };

export function bindQuery(query: Query, context: QueryContext): Plan {
  const names: Names = { context, variables: new Map(), tables: new Map(context.tables) };
  const declared = new Set<string>();
  for (const statement of query.lets) {
    const { name, at, value } = statement;
    if (declared.has(name)) {
      throw semanticError('SEM0001', `A variable with the name '${name}' has already been declared`, at);
    }
    declared.add(name);
    if (value.kind === 'table') {
      names.tables.set(name, bindPipeline(value.table, names));
      continue;
    }
    const alias = value.expr.kind === 'name' ? names.tables.get(value.expr.name) : undefined;
    if (alias) names.tables.set(name, alias);
    else names.variables.set(name, bindVariable(value.expr, names));
  }
  return bindPipeline(query.pipeline, names);
}

/** A scalar variable is computed once, before any row is read. */
function bindVariable(expr: Parameters<typeof bindExpression>[0], names: Names): Bound {
  const { variables, context } = names;
  const bound = bindExpression(expr, { schema: NO_COLUMNS, variables, nowMs: context.nowMs, operator: 'let' });
  return constantOf(bound.type, constantValue(bound));
}

function bindPipeline(pipeline: Pipeline, names: Names): Plan {
  const source = resolveTable(pipeline.source, names);
  const steps: Step[] = [];
  let { schema } = source;
  for (const operator of pipeline.operators) {
    const scope = {
      schema,
      variables: names.variables,
      nowMs: names.context.nowMs,
      operator: operator.kind,
    };
    const bound = bindOperator(operator, scope);
    steps.push(...bound.steps);
    schema = bound.schema;
  }
  return { source, steps, schema };
}

function resolveTable(source: NameRef, names: Names): Table | Plan {
  const found = names.tables.get(source.name);
  if (found) return found;
  const message = `Failed to resolve table or column expression named '${source.name}'`;
  throw new KqlError('SemanticError', 'SEM0100', message, source.at);
}
