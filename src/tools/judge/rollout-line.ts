/**
 * Reads one line of the judge's input: a rollout with blue's history and its minutes, or one error that lists what is
 * wrong.
 */
import { z } from 'zod';
import type { LatencyHistogram } from '../../domain/judge/reading/traffic-bucket.ts';

/** A week of minutes. */
const MAX_MINUTES = 10_080;
const MAX_PROBLEMS = 10;
/** No histogram needs more: bins beyond the rule's last count in the last. */
const MAX_BINS = 10_000;

const count = z.int().nonnegative();
const designEffect = z.number().positive().nullish();

/** Histograms are most of a line, and a record of checked keys and values takes ten times as long as this loop. */
function histogram(isAmount: (value: unknown) => boolean) {
  return z.custom<LatencyHistogram>().superRefine((given, context) => {
    const problem = problemOf(given, isAmount);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });
}

function problemOf(given: unknown, isAmount: (value: unknown) => boolean): string | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'no object of bins and counts';
  let bins = 0;
  for (const [bin, amount] of Object.entries(given)) {
    if (++bins > MAX_BINS) return `more than ${MAX_BINS} bins`;
    if (!isBin(bin)) return `"${bin.slice(0, 20)}" is no bin: a bin is a whole number from 0`;
    if (!isAmount(amount)) return `bin ${bin} holds ${JSON.stringify(amount)?.slice(0, 20)}, which is no count`;
  }
  return null;
}

function isBin(key: string): boolean {
  return /^\d{1,9}$/.test(key);
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
/** History may be scaled. */
const isAmount = (value: unknown) => Number.isFinite(value) && Number(value) >= 0;

const counted = histogram(isCount);
const minute = z.tuple([count, count, count, count, counted, counted]);

const rolloutLine = z
  .strictObject({
    rep: z.union([z.number(), z.string()]),
    histN: z.number().nonnegative(),
    histErr: z.number().nonnegative(),
    histLat: histogram(isAmount),
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
  const more = problems.length > MAX_PROBLEMS ? `; and ${problems.length - MAX_PROBLEMS} more` : '';
  throw new Error(`this is no rollout: ${problems.slice(0, MAX_PROBLEMS).join('; ')}${more}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`this is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
