/** The messages of an entity that can be delivered now, oldest sequence number first, per session. */
import type { StoredMessage } from './broker-message.ts';

/** Groups by `groupOf`: the session id, or one group for an entity without sessions. */
export class ReadyMessages {
  readonly #groupOf: (stored: StoredMessage) => string;
  readonly #groups = new Map<string, StoredMessage[]>();

  constructor(groupOf: (stored: StoredMessage) => string) {
    this.#groupOf = groupOf;
  }

  add(stored: StoredMessage): void {
    const group = this.#groupOf(stored);
    const ready = this.#groups.get(group);
    if (ready) ready.splice(positionOf(ready, stored.sequenceNumber), 0, stored);
    else this.#groups.set(group, [stored]);
  }

  remove(stored: StoredMessage): void {
    const group = this.#groupOf(stored);
    const ready = this.#groups.get(group) ?? [];
    const position = positionOf(ready, stored.sequenceNumber);
    if (ready[position] === stored) ready.splice(position, 1);
    if (ready.length === 0) this.#groups.delete(group);
  }

  /** Takes the oldest message of a group out of the list. */
  takeFirst(group: string): StoredMessage | undefined {
    const first = this.#groups.get(group)?.[0];
    if (first) this.remove(first);
    return first;
  }

  /** The group with the oldest message among those that `isFree` admits. */
  oldestGroup(isFree: (group: string) => boolean): string | undefined {
    let oldest: { group: string; sequenceNumber: number } | undefined;
    for (const [group, [first]] of this.#groups) {
      if (!first || !isFree(group)) continue;
      if (!oldest || first.sequenceNumber < oldest.sequenceNumber) {
        oldest = { group, sequenceNumber: first.sequenceNumber };
      }
    }
    return oldest?.group;
  }
}

/** Where `sequenceNumber` is or belongs in a list sorted by it. */
function positionOf(sorted: readonly StoredMessage[], sequenceNumber: number): number {
  const last = sorted.at(-1);
  if (!last || last.sequenceNumber < sequenceNumber) return sorted.length;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.sequenceNumber ?? Number.POSITIVE_INFINITY) < sequenceNumber) low = middle + 1;
    else high = middle;
  }
  return low;
}
