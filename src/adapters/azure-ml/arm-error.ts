/** Sorts Azure's refusals into outcomes: busy, refused for good, or worth a retry. */
import { z } from 'zod';
import type { WriteOutcome } from '../../ports/model-platform.ts';

interface ErrorBody {
  readonly code?: string | null | undefined;
  readonly message?: string | null | undefined;
  readonly details?: readonly ErrorBody[] | null | undefined;
}

const errorBody: z.ZodType<ErrorBody> = z.object({
  code: z.string().nullish(),
  message: z.string().nullish(),
  get details() {
    return z.array(errorBody).nullish();
  },
});
const errorReply = z.object({ error: errorBody });

const MAX_TEXT = 1000;
const MAX_DETAILS = 10;
const RETRYABLE_4XX = new Set([408, 429]);

/** One line from an error reply: code, message, then the details that say more. */
export function errorTextOf(status: number, body: unknown): string {
  const parsed = errorReply.safeParse(body);
  if (!parsed.success) return `HTTP ${status} without an explanation`;
  const { error } = parsed.data;
  const details = flatten(error.details ?? [])
    .map(sentenceOf)
    .filter((text) => text !== sentenceOf(error));
  return [sentenceOf(error) || `HTTP ${status}`, ...new Set(details)].join(' ').slice(0, MAX_TEXT);
}

/** The outcome of a write that Azure answered with an error; throws what a retry may cure. */
export function outcomeOfRefusal(status: number, body: unknown, what: string): WriteOutcome {
  const reason = errorTextOf(status, body);
  if (status === 409) return { kind: 'busy', reason };
  if (isRetryable(status)) throw new Error(`${what} failed for now (HTTP ${status}): ${reason}`);
  return { kind: 'refused', reason: `${reason} (HTTP ${status})` };
}

export function isRetryable(status: number): boolean {
  return status >= 500 || RETRYABLE_4XX.has(status);
}

function flatten(details: readonly ErrorBody[]): readonly ErrorBody[] {
  return details.slice(0, MAX_DETAILS).flatMap((detail) => [detail, ...flatten(detail.details ?? [])]);
}

function sentenceOf({ code, message }: ErrorBody): string {
  return [code, message].filter((text) => text).join(': ');
}
