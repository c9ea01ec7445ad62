/** Wall-clock time in a time zone, with the runtime's own time zone data. */

/** Why a name is no time zone, or undefined. Windows names, which the service takes too, are not known here. */
export function timeZoneProblem(timeZone: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** The zone's wall-clock time at a moment, as if it were UTC, in milliseconds. */
export function wallClockMs(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(atMs);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

const HAS_OFFSET = /(Z|[+-]\d{2}:\d{2})$/;

/** Moment of an ISO 8601 date and time; without an offset it is the zone's wall-clock time. */
export function momentMs(text: string, timeZone: string): number {
  if (HAS_OFFSET.test(text)) return Date.parse(text);
  const wallMs = Date.parse(text.includes('T') ? `${text}Z` : `${text}T00:00:00Z`);
  const guessMs = wallMs - (wallClockMs(wallMs, timeZone) - wallMs);
  // Once more: the first guess may lie on the other side of a change of the offset.
  return guessMs - (wallClockMs(guessMs, timeZone) - wallMs);
}
