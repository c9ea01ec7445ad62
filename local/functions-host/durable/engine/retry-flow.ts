/**
 * The retry loop of activities and sub-orchestrations.
 *
 * 1. Every attempt and every delay takes an id of its own, in the order attempt, timer, attempt, ...
 * 2. The last failure is followed by one more timer, due now; only when that fires does the task fail.
 * 3. Past the retry timeout, or after a failure that may not be retried, it fails without a timer. The SDK waits
 *    for one more task there, so such an instance can hang; so it does in Azure.
 */
import type { RetryOptions } from './actions.ts';
import { type EngineTask, FAILED, type Flow, type Settlement } from './engine-task.ts';
import type { ReplayContext } from './replay-context.ts';

const MAX_RETRY_INTERVAL_MS = 6 * 86_400_000;

export function* retryFlow(context: ReplayContext, options: RetryOptions, attempt: () => EngineTask): Flow {
  const firstAttemptMs = context.nowMs;
  const attempts = Math.max(1, options.maxNumberOfAttempts);
  for (let index = 0; index < attempts; index += 1) {
    const settlement: Settlement = yield attempt();
    if (settlement.ok) return settlement;
    if (settlement.nonRetriable || timedOut(context.nowMs, firstAttemptMs, options)) return FAILED;
    const isLast = index + 1 === attempts;
    const delayMs = isLast ? 0 : retryDelayMs(options, index);
    yield context.schedule({ kind: 'timer', fireAtMs: context.nowMs + delayMs }).task;
  }
  return FAILED;
}

/** first interval * backoff^index, at most the configured longest interval (6 days by default). */
export function retryDelayMs(options: RetryOptions, index: number): number {
  const delayMs = options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** index;
  return Math.min(delayMs, options.maxRetryIntervalInMilliseconds ?? MAX_RETRY_INTERVAL_MS);
}

function timedOut(nowMs: number, firstAttemptMs: number, options: RetryOptions): boolean {
  const timeoutMs = options.retryTimeoutInMilliseconds;
  return timeoutMs != null && nowMs >= firstAttemptMs + timeoutMs;
}
