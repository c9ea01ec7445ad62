/** Hands a child's output on line by line; a line without end is cut, so that memory stays bounded. */
import type { Readable } from 'node:stream';

const MAX_LINE_CHARACTERS = 4_000;

export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS);
    for (const line of lines) onLine(line.slice(0, MAX_LINE_CHARACTERS));
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
