/** The shape of an aggregate function: bound once per query, one accumulator per group. */
import type { Bound } from '../plan/bound.ts';
import type { CallSite } from '../plan/scope.ts';
import type { Row, ScalarType, Value } from '../types/scalar-type.ts';

export interface Accumulator {
  add(row: Row): void;
  result(): Value;
}

export interface BoundAggregate {
  readonly type: ScalarType;
  readonly create: () => Accumulator;
}

export interface AggregateFunction {
  readonly name: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Starts the name of an unnamed result, for example `avg` in `avg_TotalDurationMs`. */
  readonly prefix: string;
  bind(args: readonly Bound[], site: CallSite): BoundAggregate;
}
