/** Reads durations as people write them: a whole number and a unit, `500ms`, `30s`, `15m`, `4h`, `1d`. */
import { z } from 'zod';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration text, or null when it is none. */
export function parseDurationMs(text: string): number | null {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  return match && unitMs ? Number(match[1]) * unitMs : null;
}

/** A duration between two bounds (both included), read as milliseconds; `min` and `max` are written like durations. */
export function durationMs(min: string, max: string) {
  return duration(min, max, 1);
}

/** Like `durationMs`, read as whole seconds; finer durations are refused. */
export function durationSeconds(min: string, max: string) {
  return duration(min, max, 1000);
}

function duration(min: string, max: string, resultUnitMs: number) {
  const minMs = parseDurationMs(min) ?? 0;
  const maxMs = parseDurationMs(max) ?? 0;
  const rule = `must be a duration from ${min} to ${max}, written as a whole number and a unit (ms, s, m, h, d), for example "${min}"`;
  return z.string({ error: rule }).transform((text, ctx) => {
    const ms = parseDurationMs(text);
    if (ms !== null && ms >= minMs && ms <= maxMs && ms % resultUnitMs === 0) return ms / resultUnitMs;
    ctx.addIssue({ code: 'custom', message: `${rule}; it is "${text.slice(0, 40)}"` });
    return z.NEVER;
  });
}
