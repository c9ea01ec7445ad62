/**
 * Decides what follows a failed delivery attempt: another attempt after a delay, or the end with its reason.
 *
 * Source: Azure Event Grid documentation, "Event Grid message delivery and retry" (schedule, codes, dead-letter words).
 */

/** How one attempt ended; `status` is absent when no answer came. */
export interface AttemptResult {
  readonly status?: number;
  readonly outcome: DeliveryOutcome;
}

export type DeliveryOutcome =
  | 'Delivered'
  | 'NotFound'
  | 'Unauthorized'
  | 'Forbidden'
  | 'BadRequest'
  | 'TimedOut'
  | 'Busy'
  | 'PayloadTooLarge'
  | 'SocketError'
  | 'ResolutionError'
  | 'Aborted';

export type NextStep =
  | { readonly type: 'retry'; readonly delayMs: number }
  | { readonly type: 'give-up'; readonly reason: string };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const BACKOFF_MS = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
] as const;
const LONGEST_MS = 12 * HOUR;
/** A webhook that answers one of these will not change its mind. */
const FINAL_STATUSES: Readonly<Record<number, string>> = {
  400: 'UndeliverableDueToHttpBadRequest',
  401: 'UndeliverableDueToHttpUnauthorized',
  403: 'UndeliverableDueToHttpForbidden',
  413: 'UndeliverableDueToHttpRequestEntityTooLarge',
};
const LEAST_DELAY_MS: Readonly<Record<number, number>> = { 408: 2 * MINUTE, 503: 30 * SECOND };
/** Waits are stretched by up to a tenth, so that subscribers are not hit in step. */
const JITTER_SHARE = 0.1;

/** `attempts` counts the attempts made so far (at least 1); `random` is uniform in [0, 1). Delays are unscaled. */
export function afterFailure(
  result: AttemptResult,
  attempts: number,
  maxDeliveryAttempts: number,
  random: number,
): NextStep {
  const final = result.status === undefined ? undefined : FINAL_STATUSES[result.status];
  if (final) return { type: 'give-up', reason: final };
  if (attempts >= maxDeliveryAttempts) return { type: 'give-up', reason: 'MaxDeliveryAttemptsExceeded' };
  const backoffMs = BACKOFF_MS[attempts - 1] ?? LONGEST_MS;
  const leastMs = LEAST_DELAY_MS[result.status ?? 0] ?? 0;
  return { type: 'retry', delayMs: Math.max(backoffMs, leastMs) * (1 + random * JITTER_SHARE) };
}

const OUTCOMES: Readonly<Record<number, DeliveryOutcome>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'TimedOut',
  413: 'PayloadTooLarge',
};

/** Only 200 to 204 are success; codes without a word of their own count as a busy endpoint. */
export function outcomeOf(status: number): DeliveryOutcome {
  if (status >= 200 && status <= 204) return 'Delivered';
  return OUTCOMES[status] ?? 'Busy';
}
