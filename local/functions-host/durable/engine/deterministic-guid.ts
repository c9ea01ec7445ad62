/** Guids that every replay of the same execution makes again. */
import { createHash } from 'node:crypto';

/** A name-based guid (RFC 9562, version 5 layout) of the parts. */
export function deterministicGuid(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha1').update(parts.join('\n')).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** The same without dashes, as execution ids are written. */
export function deterministicHexId(...parts: readonly (string | number)[]): string {
  return deterministicGuid(...parts).replaceAll('-', '');
}
