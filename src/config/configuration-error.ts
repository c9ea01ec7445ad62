/** One error for everything that is wrong with the configuration, so that it is mended in one go. */

/** One thing that is wrong: where, what, and what to do about it. */
export interface Problem {
  /** Setting name, or `file:line:column path`. */
  readonly where: string;
  readonly what: string;
}

const MAX_SHOWN = 100;

/** Thrown at start; the message lists every problem. */
export class ConfigurationError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(textOf(problems));
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

function textOf(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.slice(0, MAX_SHOWN).map(({ where, what }) => `  - ${where}: ${what}`);
  const rest = problems.length > MAX_SHOWN ? [`  - and ${problems.length - MAX_SHOWN} more`] : [];
  return [`Slipway cannot start: its configuration has ${count}.`, ...lines, ...rest].join('\n');
}
