/** Reads the `timespan` of log and metric queries: an ISO 8601 duration, or two of start, end and duration. */
import { parseDateTime } from '../kql/types/date-time.ts';

export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNITS_MS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000] as const;

/** Milliseconds of durations such as `PT5M` or `P1DT2H`, or undefined; years and months have no fixed length. */
export function parseIsoDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match || !/\d/.test(text) || text.endsWith('T')) return undefined;
  return UNITS_MS.reduce((total, unit, index) => total + Number(match[index + 1] ?? 0) * unit, 0);
}

/** Writes whole seconds, largest units first: `PT1M`, `PT2S`, `P1D`. */
export function formatIsoDuration(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  const hours = Math.floor(ms / 3_600_000) % 24;
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  const time = [hours && `${hours}H`, minutes && `${minutes}M`, seconds && `${seconds}S`].filter(Boolean).join('');
  return `P${days === 0 ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`;
}

/** A lone duration ends at `nowMs`. Undefined when the text is malformed or the end lies before the start. */
export function parseTimeRange(text: string, nowMs: number): TimeRange | undefined {
  const [first = '', second, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  const range = second === undefined ? lastPeriod(first, nowMs) : between(first, second);
  return range && range.endMs >= range.startMs ? range : undefined;
}

function lastPeriod(text: string, nowMs: number): TimeRange | undefined {
  const duration = parseIsoDuration(text);
  return duration === undefined ? undefined : { startMs: nowMs - duration, endMs: nowMs };
}

function between(first: string, second: string): TimeRange | undefined {
  const [start, end] = [parseDateTime(first), parseDateTime(second)];
  const [before, after] = [parseIsoDuration(first), parseIsoDuration(second)];
  if (start !== undefined && end !== undefined) return { startMs: start, endMs: end };
  if (start !== undefined && after !== undefined) return { startMs: start, endMs: start + after };
  if (end !== undefined && before !== undefined) return { startMs: end - before, endMs: end };
  return undefined;
}
