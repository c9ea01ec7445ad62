/** Tells waiting receivers that there may be something for them, those that went without longest first. */

/** Called when messages or sessions became available; returns whether it took something. */
export type Watcher = () => boolean;

export class Watchers {
  readonly #waiting = new Set<Watcher>();

  /** The returned function ends the watch. */
  add(watcher: Watcher): () => void {
    this.#waiting.add(watcher);
    return () => this.#waiting.delete(watcher);
  }

  notify(): void {
    for (const watcher of [...this.#waiting]) {
      if (!this.#waiting.has(watcher) || !watcher() || !this.#waiting.delete(watcher)) continue;
      this.#waiting.add(watcher);
    }
  }
}
