/** What an expression may refer to: columns, scalar variables, the query's time and, in summarize, aggregates. */
import type { NameRef } from '../syntax/ast.ts';
import type { AggregateCollector } from './aggregate-collector.ts';
import type { Bound } from './bound.ts';
import type { Schema } from './schema.ts';

export interface Scope {
  readonly schema: Schema;
  readonly variables: ReadonlyMap<string, Bound>;
  /** The value of `now()`, the same through a whole query. */
  readonly nowMs: number;
  /** Operator that the expression stands in; part of error texts. */
  readonly operator: string;
  /** Present where aggregate functions are allowed; columns are then visible only inside them. */
  readonly aggregates?: AggregateCollector | undefined;
}

/** A call as a function sees it: where it stands and what surrounds it. */
export interface CallSite extends NameRef {
  readonly scope: Scope;
}
