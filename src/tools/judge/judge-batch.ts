/** Judges some lines, one answer or one problem for each. */
import type { LineOptions } from './judge-arguments.ts';
import { judgeLine } from './judge-line.ts';
import type { NumberedLine } from './lines-of.ts';
import { parseRolloutLine } from './rollout-line.ts';

/** Either the answer as JSON, or what is wrong with the line. */
export type LineResult = { readonly answer: string } | { readonly problem: string };

export function judgeBatch(lines: readonly NumberedLine[], options: LineOptions): LineResult[] {
  return lines.map(({ number, text }) => {
    try {
      return { answer: JSON.stringify(judgeLine(parseRolloutLine(text), options)) };
    } catch (error) {
      return { problem: `line ${number}: ${error instanceof Error ? error.message : String(error)}` };
    }
  });
}
