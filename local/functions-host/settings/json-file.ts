/** Reads a settings file as the Functions tools read it: JSON in which comments are allowed. */
import { readFileSync } from 'node:fs';

const STRING_OR_COMMENT = /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const BYTE_ORDER_MARK = '\uFEFF';

/** Throws the error of `readFileSync` (code ENOENT when absent) or a SyntaxError. */
export function readJsonFile(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  const plain = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  return JSON.parse(plain.replace(STRING_OR_COMMENT, (_match, quoted: string | undefined) => quoted ?? ''));
}

export function isAbsent(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}
