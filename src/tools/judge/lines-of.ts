/** Cuts a stream of text into numbered lines, never holding more than one of them and one chunk. */

export interface NumberedLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** A week of minutes with full histograms is a third of this. */
export const MOST_CHARACTERS = 64 * 1024 * 1024;

/** Lines that are not blank. Fails where a line is longer than `mostCharacters`, naming it. */
export async function* linesOf(
  chunks: AsyncIterable<string | Buffer>,
  mostCharacters = MOST_CHARACTERS,
): AsyncGenerator<NumberedLine> {
  const decoder = new TextDecoder();
  let number = 1;
  let held: string[] = [];
  let heldCharacters = 0;
  for await (const chunk of chunks) {
    const pieces = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      const text = held.join('') + piece;
      held = [];
      heldCharacters = 0;
      if (text.trim() !== '') yield { number, text };
      number++;
    }
    held.push(last);
    heldCharacters += last.length;
    if (heldCharacters > mostCharacters) {
      throw new RangeError(`line ${number}: longer than ${mostCharacters} characters, which no rollout is`);
    }
  }
  const text = held.join('') + decoder.decode();
  if (text.trim() !== '') yield { number, text };
}
