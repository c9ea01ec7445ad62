/** Reads one line of the judge's input: a rollout with blue's history and its minutes, or one error that lists what is wrong. */
import { z } from 'zod';

/** A week of minutes. */
const MAX_MINUTES = 10_080;

const count = z.int().nonnegative();
const histogram = z.record(z.string().regex(/^\d{1,9}$/, 'a bin is a whole number from 0'), count);
const historyHistogram = z.record(
  z.string().regex(/^\d{1,9}$/, 'a bin is a whole number from 0'),
  z.number().nonnegative(),
);
const minute = z.tuple([count, count, count, count, histogram, histogram]);
const designEffect = z.number().positive().nullish();

const rolloutLine = z
  .strictObject({
    rep: z.union([z.number(), z.string()]),
    histN: z.number().nonnegative(),
    histErr: z.number().nonnegative(),
    histLat: historyHistogram,
    phi: designEffect,
    phiL: designEffect,
    minutes: z.array(minute).max(MAX_MINUTES),
  })
  .refine(({ histN, histErr }) => histErr <= histN, { path: ['histErr'], error: 'more errors than requests' });

export type RolloutLine = z.infer<typeof rolloutLine>;

export function parseRolloutLine(text: string): RolloutLine {
  const parsed = rolloutLine.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`);
  throw new Error(`this is no rollout: ${problems.slice(0, 10).join('; ')}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`this is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
