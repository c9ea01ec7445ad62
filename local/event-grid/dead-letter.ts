/**
 * The form and place of an event that could not be delivered: one blob per event, readable by the next tool.
 *
 * Source: Azure Event Grid documentation, "Event Grid message delivery and retry" and "Set dead-letter location".
 */
import { randomUUID } from 'node:crypto';
import { type GridEvent, renderEvent } from './events/grid-event.ts';
import type { DeliveryOutcome } from './retry-schedule.ts';
import type { DeadLetterDestination, SubscriptionProperties } from './subscription-schema.ts';

export interface DeadLetterFacts {
  readonly reason: string;
  readonly attempts: number;
  readonly lastOutcome: DeliveryOutcome;
  readonly lastStatus: number | undefined;
  readonly lastAttemptAtMs: number;
}

/** Puts one blob; `not-found` when the account or container does not exist, which drops the event. */
export type DeadLetterWriter = (
  destination: DeadLetterDestination,
  blobName: string,
  json: string,
) => Promise<'written' | 'not-found'>;

/** `<NAME>/<yyyy>/<M>/<d>/<H>/<guid>.json` in UTC without leading zeros. */
export function deadLetterBlobName(subscriptionName: string, nowMs: number): string {
  const now = new Date(nowMs);
  const hour = [now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate(), now.getUTCHours()].join('/');
  return `${subscriptionName.toUpperCase()}/${hour}/${randomUUID()}.json`;
}

/** An array of the one event with the reasons added; CloudEvents attribute names are lower-case. */
export function renderDeadLetter(
  event: GridEvent,
  schema: SubscriptionProperties['eventDeliverySchema'],
  facts: DeadLetterFacts,
): string {
  const reasons = {
    deadLetterReason: facts.reason,
    deliveryAttempts: facts.attempts,
    lastDeliveryOutcome: facts.lastOutcome,
    ...(facts.lastStatus === undefined ? {} : { lastHttpStatusCode: facts.lastStatus }),
    publishTime: new Date(event.acceptedAtMs).toISOString(),
    lastDeliveryAttemptTime: new Date(facts.lastAttemptAtMs).toISOString(),
  };
  const named = schema === 'EventGridSchema' ? reasons : lowerCaseKeys(reasons);
  return JSON.stringify([{ ...renderEvent(event, schema), ...named }]);
}

function lowerCaseKeys(record: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
}
