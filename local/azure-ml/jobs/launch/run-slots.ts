/** Bounds how many commands run at once; the others wait in the order in which they came. */

export type ReleaseSlot = () => void;

export class RunSlots {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves when a place is free; rejects with the signal's reason when that aborts first. */
  take(signal: AbortSignal): Promise<ReleaseSlot> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const give = () => {
        signal.removeEventListener('abort', leave);
        resolve(once(() => this.#release()));
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(give), 1);
        reject(signal.reason);
      };
      if (this.#free > 0) {
        this.#free -= 1;
        return give();
      }
      this.#waiting.push(give);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}

function once(task: () => void): ReleaseSlot {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    task();
  };
}
