/** Which intervals a metric can be asked for: the grain at which it is measured and the service's usual ones above it. */
import { formatTimeSpan } from '../kql/types/time-span.ts';
import { formatIsoDuration, parseIsoDuration } from '../store/time-range.ts';
import { MetricsProblem } from './metrics-problem.ts';

const USUAL_MINUTES = [1, 5, 15, 30, 60, 360, 720, 1440] as const;

export function supportedIntervalsMs(grainMs: number): readonly number[] {
  const usual = USUAL_MINUTES.map((minutes) => minutes * 60_000);
  return [...new Set([grainMs, ...usual.filter((interval) => interval >= grainMs && interval % grainMs === 0)])];
}

export function intervalNames(grainMs: number): readonly string[] {
  return supportedIntervalsMs(grainMs).map(formatIsoDuration);
}

/** The interval is one minute, or the grain when that is longer, unless the caller names another. */
export function parseInterval(text: string | undefined, grainMs: number): number {
  const supported = supportedIntervalsMs(grainMs);
  const asked = text === undefined ? Math.max(grainMs, 60_000) : parseIsoDuration(text);
  if (asked !== undefined && supported.includes(asked)) return asked;
  const names = supported.map(formatTimeSpan).join(',');
  throw new MetricsProblem(`Invalid time grain duration: ${text}, supported ones are: ${names}`);
}
