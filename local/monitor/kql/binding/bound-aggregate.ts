/** An aggregate call that is bound: its type, and one accumulator per group. */
import type { Row, ScalarType, Value } from '../types/scalar-type.ts';

export interface Accumulator {
  add(row: Row): void;
  result(): Value;
}

export interface BoundAggregate {
  readonly type: ScalarType;
  readonly create: () => Accumulator;
}
