/** Which entities a namespace has, in the broker's own words. */
import type { SubscriptionRule } from './correlation-filter.ts';
import type { QueueRules } from './queue-rules.ts';

export interface QueueDefinition {
  readonly name: string;
  readonly rules: QueueRules;
  /** Undefined: duplicates are not detected. */
  readonly duplicateWindowMs: number | undefined;
}

export interface SubscriptionDefinition {
  readonly name: string;
  readonly rules: QueueRules;
  readonly filters: readonly SubscriptionRule[];
}

export interface TopicDefinition {
  readonly name: string;
  /** Infinity: no limit of the topic. */
  readonly defaultTimeToLiveMs: number;
  readonly duplicateWindowMs: number | undefined;
  readonly subscriptions: readonly SubscriptionDefinition[];
}

export interface NamespaceDefinition {
  readonly queues: readonly QueueDefinition[];
  readonly topics: readonly TopicDefinition[];
}
