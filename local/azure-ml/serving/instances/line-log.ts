/** Keeps the last lines that a deployment's instances wrote, oldest dropped first. */

const MAX_LINES = 5_000;

interface Line {
  readonly instanceName: string;
  readonly text: string;
}

export class LineLog {
  readonly #lines: Line[] = [];

  append(instanceName: string, text: string): void {
    this.#lines.push({ instanceName, text });
    // Dropped by the half: dropping one from the front per line would move the whole array each time.
    if (this.#lines.length > 2 * MAX_LINES) this.#lines.splice(0, MAX_LINES);
  }

  /** The last `count` lines of all instances, each with its instance in front. */
  tail(count: number): string {
    if (count <= 0) return '';
    return this.#lines
      .slice(-Math.min(count, MAX_LINES))
      .map(({ instanceName, text }) => `[${instanceName}] ${text}`)
      .join('\n');
  }
}
