/** How values appear as text (`tostring`, `strcat`) and in JSON answers. */
import { formatDateTime, longDateTime } from './date-time.ts';
import type { ScalarType, Value } from './scalar-type.ts';
import { formatTimeSpan } from './time-span.ts';

/** Text of a value; null becomes the empty string. */
export function textOf(value: Value, type: ScalarType): string {
  if (value === null) return '';
  if (typeof value === 'number') {
    if (type === 'datetime') return longDateTime(value);
    return type === 'timespan' ? formatTimeSpan(value) : String(value);
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** JSON cell of a value; reals that JSON lacks become the strings `NaN`, `Infinity` and `-Infinity`. */
export function jsonCell(value: Value, type: ScalarType): number | string | boolean | null {
  if (value === null) return null;
  if (typeof value === 'number') {
    if (type === 'datetime') return formatDateTime(value);
    if (type === 'timespan') return formatTimeSpan(value);
    return Number.isFinite(value) ? value : String(value);
  }
  return typeof value === 'object' ? JSON.stringify(value) : value;
}
