/** Counts what the sidecars did, per deployment and collection; shown by `GET /_control/collection`. */

export interface CollectionCount {
  readonly source: string;
  readonly collection: string;
  /** Events that were taken. */
  events: number;
  /** Events that reached blob storage. */
  stored: number;
  /** Events that were refused or lost, by reason. */
  readonly errors: Record<string, number>;
}

const MAX_COUNTS = 1_000;

export class CollectionCounts {
  readonly #counts = new Map<string, CollectionCount>();

  of(source: string, collection: string): CollectionCount {
    const key = `${source}\n${collection}`;
    const known = this.#counts.get(key);
    if (known) return known;
    const oldest = this.#counts.keys().next().value;
    if (this.#counts.size >= MAX_COUNTS && oldest !== undefined) this.#counts.delete(oldest);
    const count: CollectionCount = { source, collection, events: 0, stored: 0, errors: {} };
    this.#counts.set(key, count);
    return count;
  }

  error(source: string, collection: string, reason: string): void {
    const { errors } = this.of(source, collection);
    errors[reason] = (errors[reason] ?? 0) + 1;
  }

  list(): readonly CollectionCount[] {
    return [...this.#counts.values()];
  }
}
