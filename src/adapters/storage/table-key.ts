/** Turns any text into a key of Azure Table storage (no `/ \ # ?` or control characters, at most 1 KiB), reversibly unless long. */
import { createHash } from 'node:crypto';

const MAX_KEY_LENGTH = 400;

/** Letters, digits, dots and dashes stay; every other UTF-16 unit becomes `_` and four hex digits; long texts end in a hash. */
export function tableKey(text: string): string {
  const escaped = text.replace(/[^A-Za-z0-9.-]/g, (unit) => `_${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (escaped.length <= MAX_KEY_LENGTH) return escaped;
  return `${escaped.slice(0, MAX_KEY_LENGTH - 66)}__${createHash('sha256').update(text).digest('hex')}`;
}
