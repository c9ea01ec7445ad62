/** Repeats a failing invocation as the function's own `retry` option says; the host does so for timers. */

import { z } from 'zod';
import { type Clock, sleep } from '../../emulator/clock.ts';
import type { InvocationOutcome } from '../seams/invocation.ts';

const durationMs = z
  .looseObject({ seconds: z.number().min(0), nanos: z.number().min(0).optional() })
  .transform(({ seconds, nanos }) => seconds * 1000 + Math.floor((nanos ?? 0) / 1_000_000));

const policySchema = z.discriminatedUnion('retryStrategy', [
  z.looseObject({ retryStrategy: z.literal('fixedDelay'), maxRetryCount: z.int().min(-1), delayInterval: durationMs }),
  z.looseObject({
    retryStrategy: z.literal('exponentialBackoff'),
    maxRetryCount: z.int().min(-1),
    minimumInterval: durationMs,
    maximumInterval: durationMs,
  }),
]);

export type RetryPolicy = z.infer<typeof policySchema>;
export type RetryContext = Readonly<Record<string, unknown>>;

/** Throws a ZodError when the option is not one of the two strategies. */
export function parseRetryPolicy(options: Readonly<Record<string, unknown>> | undefined): RetryPolicy | undefined {
  return options === undefined ? undefined : policySchema.parse(options);
}

/** Milliseconds before retry number `retry`, counted from 1. The real host adds some randomness to the backoff. */
export function retryDelayMs(policy: RetryPolicy, retry: number): number {
  if (policy.retryStrategy === 'fixedDelay') return policy.delayInterval;
  return Math.min(policy.maximumInterval, policy.minimumInterval * 2 ** Math.min(retry - 1, 30));
}

/** The last outcome. Each retry carries its number and the failure before it. Ends early when `signal` aborts. */
export async function invokeWithRetry(
  policy: RetryPolicy | undefined,
  invoke: (retryContext?: RetryContext) => Promise<InvocationOutcome>,
  clock: Clock,
  signal: AbortSignal,
): Promise<InvocationOutcome> {
  let outcome = await invoke();
  if (!policy) return outcome;
  for (let retry = 1; !outcome.ok && (policy.maxRetryCount === -1 || retry <= policy.maxRetryCount); retry += 1) {
    const { message, stack } = outcome;
    try {
      await sleep(clock, retryDelayMs(policy, retry), signal);
    } catch {
      return outcome;
    }
    outcome = await invoke({
      retryCount: retry,
      maxRetryCount: policy.maxRetryCount,
      exception: { message, source: '', stackTrace: stack },
    });
  }
  return outcome;
}
