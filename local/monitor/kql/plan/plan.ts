/** The typed plan of a query: a source and the steps that its rows go through. */

import type { Bound } from '../binding/bound.ts';
import type { BoundAggregate } from '../binding/bound-aggregate.ts';
import type { Schema } from '../binding/schema.ts';
import type { Row } from '../types/scalar-type.ts';

export interface SortOrder {
  readonly value: Bound;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface GroupStep {
  readonly kind: 'group';
  readonly keys: readonly Bound[];
  readonly aggregates: readonly BoundAggregate[];
  /** Computed from the aggregates' results; the keys' cells stand before them. */
  readonly results: readonly Bound[];
}

export type Step =
  | { readonly kind: 'filter'; readonly predicate: Bound }
  /** Appends cells to each row. */
  | { readonly kind: 'append'; readonly cells: readonly Bound[] }
  /** Replaces each row by these cells. */
  | { readonly kind: 'rebuild'; readonly cells: readonly Bound[] }
  | { readonly kind: 'sort'; readonly orders: readonly SortOrder[] }
  | { readonly kind: 'limit'; readonly count: number }
  | GroupStep;

/** A table that queries can name. Rows are read once per use, when the query runs. */
export interface Table {
  readonly schema: Schema;
  readonly rows: () => readonly Row[];
}

export interface Plan {
  readonly source: Table | Plan;
  readonly steps: readonly Step[];
  readonly schema: Schema;
}
