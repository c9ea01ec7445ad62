/** How long a dead instance waits for its next start: not at all the first time, then ever longer. */

const BASE_MS = 1_000;
const CAP_MS = 30_000;
/** An instance that lived this long is forgiven its earlier deaths. */
const FORGIVEN_AFTER_MS = 60_000;

export class RestartBackoff {
  #deaths = 0;

  /** Milliseconds to wait after a death that followed `livedMs` of being ready. */
  next(livedMs: number): number {
    if (livedMs >= FORGIVEN_AFTER_MS) this.#deaths = 0;
    const waitMs = this.#deaths === 0 ? 0 : Math.min(CAP_MS, BASE_MS * 2 ** (this.#deaths - 1));
    this.#deaths = Math.min(this.#deaths + 1, 30);
    return waitMs;
  }
}
