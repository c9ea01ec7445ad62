/** Gathers the aggregate calls inside the expressions of one summarize; each gets a slot of the result row. */

import type { Bound } from './bound.ts';
import type { BoundAggregate } from './bound-aggregate.ts';

export class AggregateCollector {
  readonly #aggregates: BoundAggregate[] = [];

  /** Returns the expression that reads the aggregate's result. */
  add(aggregate: BoundAggregate): Bound {
    const slot = this.#aggregates.push(aggregate) - 1;
    return { type: aggregate.type, constant: false, evaluate: (results) => results[slot] ?? null };
  }

  list(): readonly BoundAggregate[] {
    return this.#aggregates;
  }
}
