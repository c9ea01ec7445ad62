/** Reads durations of host.json, written as .NET TimeSpan texts. */
import { z } from 'zod';
import { parseTimeSpanMs } from './time-span.ts';

/** `"hh:mm:ss"` between the bounds, in milliseconds. */
export function timeSpanMs(minimumMs: number, maximumMs: number) {
  return z.string().transform((text, context): number => {
    const parsedMs = parseTimeSpanMs(text);
    if (parsedMs !== undefined && parsedMs >= minimumMs && parsedMs <= maximumMs) return parsedMs;
    const message = `Expected a duration of ${minimumMs} to ${maximumMs} ms, written as "hh:mm:ss"`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
