/** Counts work under way, so that a stop or a test can wait for the moment when there is none. */
export class WorkGauge {
  #underWay = 0;
  #waiting: (() => void)[] = [];

  async track<T>(job: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await job();
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }

  get busy(): boolean {
    return this.#underWay > 0;
  }

  async whenIdle(): Promise<void> {
    if (this.#underWay === 0) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
