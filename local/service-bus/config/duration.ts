/** Reads the ISO-8601 durations of entity properties: days and smaller units. */
import { z } from 'zod';

const DURATION = /^P(?!$)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000];

/** A schema that yields milliseconds between two bounds, both allowed. */
export function durationBetween(leastMs: number, mostMs: number) {
  return z.string().transform((text, context) => {
    const parts = DURATION.exec(text);
    const ms = UNITS_MS.reduce((sum, unitMs, index) => sum + Number(parts?.[index + 1] ?? 0) * unitMs, 0);
    if (parts && ms >= leastMs && ms <= mostMs) return ms;
    const bounds = `between ${leastMs / 1000} and ${mostMs === Number.POSITIVE_INFINITY ? 'any number of' : mostMs / 1000} seconds`;
    context.addIssue({ code: 'custom', message: `'${text}' is no ISO-8601 duration ${bounds}, for example PT1M.` });
    return z.NEVER;
  });
}
