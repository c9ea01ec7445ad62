/** Reads and writes datetime values: ISO 8601 in UTC, fractions of up to seven digits. */

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,7})?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** Milliseconds since the epoch, or undefined when `text` is no valid date; without an offset the time is UTC. */
export function parseDateTime(text: string): number | undefined {
  const match = PATTERN.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const parts = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const whole = Date.UTC(...parts);
  const date = new Date(whole);
  const rolledOver =
    date.getUTCMonth() !== parts[1] || date.getUTCDate() !== parts[2] || date.getUTCHours() !== parts[3];
  if (rolledOver || parts[4] > 59 || parts[5] > 59) return undefined;
  return whole + (fraction === '' ? 0 : Number(fraction) * 1000) - offsetMs(zone);
}

function offsetMs(zone: string): number {
  if (/z/i.test(zone)) return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(-2)].map(Number);
  return (zone.startsWith('-') ? -1 : 1) * ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000;
}

/** As JSON answers carry it: trailing zeros of the fraction are dropped (`2026-01-01T00:00:02.5Z`). */
export function formatDateTime(ms: number): string {
  return (Number.isInteger(ms) ? new Date(ms).toISOString() : longDateTime(ms)).replace(/\.?0+Z$/, 'Z');
}

/** As `tostring` writes it: always seven digits of fraction. */
export function longDateTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const ticks = Math.round((ms - seconds * 1000) * 1000) * 10;
  const carry = ticks >= 10_000_000 ? 1 : 0;
  const date = new Date((seconds + carry) * 1000).toISOString().slice(0, 19);
  return `${date}.${String(carry ? 0 : ticks).padStart(7, '0')}Z`;
}
