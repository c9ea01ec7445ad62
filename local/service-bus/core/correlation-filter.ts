/** Decides which messages of a topic a subscription gets: all, or those that match one of its correlation filters. */
import type { FilterableProperties } from './broker-message.ts';

/** Compares only what it names; everything named must be equal. */
export type CorrelationFilter = Partial<FilterableProperties>;

export type SubscriptionRule = { readonly type: 'true' } | ({ readonly type: 'correlation' } & CorrelationFilter);

const SYSTEM_PROPERTIES = [
  'correlationId',
  'messageId',
  'to',
  'replyTo',
  'label',
  'sessionId',
  'replyToSessionId',
  'contentType',
] as const;

/** Rules are alternatives; a message that matches several comes once. Without a rule nothing matches. */
export function matchesRules(rules: readonly SubscriptionRule[], message: FilterableProperties): boolean {
  return rules.some((rule) => rule.type === 'true' || matchesFilter(rule, message));
}

function matchesFilter(filter: CorrelationFilter, message: FilterableProperties): boolean {
  return (
    SYSTEM_PROPERTIES.every((name) => filter[name] === undefined || filter[name] === message[name]) &&
    Object.entries(filter.applicationProperties ?? {}).every(
      ([name, value]) => message.applicationProperties[name] === value,
    )
  );
}
