/** The shape of an aggregate function: bound once per query, one accumulator per group. */
import type { Bound } from '../binding/bound.ts';
import type { BoundAggregate } from '../binding/bound-aggregate.ts';
import type { CallSite } from '../binding/scope.ts';

export interface AggregateFunction {
  readonly name: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Starts the name of an unnamed result, for example `avg` in `avg_TotalDurationMs`. */
  readonly prefix: string;
  bind(args: readonly Bound[], site: CallSite): BoundAggregate;
}
