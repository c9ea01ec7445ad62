/** What a host has opened, closed again in reverse order; what fails or hangs is named and does not keep the others from closing. */

const STOP_LIMIT_MS = 10_000;

export interface CleanUp {
  /** Named when it fails: begins the sentence. */
  readonly what: string;
  readonly run: () => unknown;
}

export class CleanUps {
  readonly #groups: (readonly CleanUp[])[] = [];

  add(what: string, run: () => unknown): void {
    this.addTogether([{ what, run }]);
  }

  /** These do not wait for each other. */
  addTogether(group: readonly CleanUp[]): void {
    this.#groups.push(group);
  }

  /** Safe to call more than once. Rejects at the end, with every part that failed or took longer than 10 s. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let group = this.#groups.pop(); group; group = this.#groups.pop()) {
      const settled = await Promise.allSettled(group.map(runInTime));
      failures.push(...settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `The host did not stop cleanly: ${failures.join('; ')}`);
  }
}

/** In real time, whatever the host's clock: a function that never returns must not keep the process alive. */
async function runInTime({ what, run }: CleanUp): Promise<void> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const tooLong = () => reject(new Error(`${what} took more than ${STOP_LIMIT_MS} ms to stop.`));
  const timer = setTimeout(tooLong, STOP_LIMIT_MS);
  try {
    await Promise.race([run(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
