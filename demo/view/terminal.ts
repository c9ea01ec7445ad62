/** Keeps a panel at the bottom of a terminal with lasting lines above it; without a terminal it writes plain lines. */

export interface TerminalOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Terminal {
  /** True when a panel can be drawn again in its place. */
  readonly redraws: boolean;
  readonly width: number;
  /** A line that stays. */
  say(text: string): void;
  /** Replaces the panel. */
  draw(lines: readonly string[]): void;
}

const DEFAULT_WIDTH = 120;
const CLEAR_BELOW = '\x1b[J';

export function createTerminal(output: TerminalOutput): Terminal {
  const redraws = output.isTTY === true;
  let drawn: readonly string[] = [];
  const erase = () => (redraws && drawn.length > 0 ? `\x1b[${drawn.length}A\r${CLEAR_BELOW}` : '');
  const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  return {
    redraws,
    width: output.columns ?? DEFAULT_WIDTH,
    say(text) {
      output.write(`${erase()}${printable(text)}\n${redraws ? textOf(drawn) : ''}`);
    },
    draw(lines) {
      const safe = lines.map(printable);
      output.write(erase() + textOf(safe));
      drawn = safe;
    },
  };
}

/** Reasons come from models and tags: no escape sequence of theirs reaches the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
