/**
 * Reads the entities from the shape of the official emulator's Config.json; all problems are reported together.
 *
 * Shape and defaults: "Test locally with the Azure Service Bus emulator" and the configuration of
 * Azure/azure-service-bus-emulator-installer. Forwarding and SQL are refused, because they would be silently missing.
 */
import { z } from 'zod';
import type { NamespaceDefinition } from '../core/entity-definition.ts';
import type { QueueRules } from '../core/queue-rules.ts';
import { durationBetween } from './duration.ts';
import { ruleSchema } from './rule-schema.ts';

const MAX_ENTITIES = 50;
const FIVE_MINUTES_MS = 300_000;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

const entityName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,258}[A-Za-z0-9])?$/, {
  error: 'An entity name has 1 to 260 letters, digits, periods, hyphens, underscores or slashes.',
});
const timeToLive = durationBetween(1000, Number.POSITIVE_INFINITY).default(HOUR_MS);
const duplicateDetection = {
  RequiresDuplicateDetection: z.boolean().default(false),
  DuplicateDetectionHistoryTimeWindow: durationBetween(20_000, WEEK_MS).default(20_000),
};
const noForwarding = z.literal('', { error: 'Forwarding is not supported; leave it empty.' }).optional();
const queueProperties = {
  LockDuration: durationBetween(1000, FIVE_MINUTES_MS).default(60_000),
  MaxDeliveryCount: z.int().min(1).max(2000).default(10),
  RequiresSession: z.boolean().default(false),
  DefaultMessageTimeToLive: timeToLive,
  DeadLetteringOnMessageExpiration: z.boolean().default(false),
  ForwardTo: noForwarding,
  ForwardDeadLetteredMessagesTo: noForwarding,
};
type QueueProperties = z.infer<z.ZodObject<typeof queueProperties>>;

const subscriptionSchema = z.looseObject({
  Name: z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,48}[A-Za-z0-9])?$/, {
    error: 'A subscription name has 1 to 50 letters, digits, periods, hyphens or underscores.',
  }),
  Properties: z.looseObject(queueProperties).prefault({}),
  Rules: z.array(ruleSchema).max(100).default([]),
});
const queueSchema = z.looseObject({
  Name: entityName,
  Properties: z.looseObject({ ...queueProperties, ...duplicateDetection }).prefault({}),
});
const topicSchema = z.looseObject({
  Name: entityName,
  Properties: z.looseObject({ DefaultMessageTimeToLive: timeToLive, ...duplicateDetection }).prefault({}),
  Subscriptions: z.array(subscriptionSchema).max(MAX_ENTITIES).default([]),
});
const namespaceSchema = z
  .looseObject({ Queues: z.array(queueSchema).default([]), Topics: z.array(topicSchema).default([]) })
  .refine(({ Queues, Topics }) => Queues.length + Topics.length <= MAX_ENTITIES, {
    error: `A namespace has at most ${MAX_ENTITIES} queues and topics.`,
  })
  .refine(({ Queues, Topics }) => hasUniqueNames([...Queues, ...Topics]), {
    error: 'Queues and topics share their names and case does not count: two of them have the same name.',
  })
  .refine(({ Topics }) => Topics.every(({ Subscriptions }) => hasUniqueNames(Subscriptions)), {
    error: 'Two subscriptions of one topic have the same name.',
  });
const configSchema = z.looseObject({
  UserConfig: z.looseObject({
    Namespaces: z.array(namespaceSchema).length(1, { error: 'Exactly one namespace is supported.' }),
  }),
});

/** The shape that callers write; defaults as in the official emulator. */
export type ServiceBusConfig = z.input<typeof configSchema>;

/** Throws one error that lists every problem with its path. */
export function readConfig(config: unknown): NamespaceDefinition {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) {
    throw new Error(`The Service Bus entities cannot be set up as configured:\n${z.prettifyError(parsed.error)}`);
  }
  const namespaces = parsed.data.UserConfig.Namespaces;
  return {
    queues: namespaces
      .flatMap(({ Queues }) => Queues)
      .map(({ Name, Properties }) => ({
        name: Name,
        rules: rulesOf(Properties),
        duplicateWindowMs: windowOf(Properties),
      })),
    topics: namespaces
      .flatMap(({ Topics }) => Topics)
      .map(({ Name, Properties, Subscriptions }) => ({
        name: Name,
        defaultTimeToLiveMs: Properties.DefaultMessageTimeToLive,
        duplicateWindowMs: windowOf(Properties),
        subscriptions: Subscriptions.map((subscription) => ({
          name: subscription.Name,
          rules: rulesOf(subscription.Properties),
          filters: subscription.Rules.length > 0 ? subscription.Rules : [{ type: 'true' as const }],
        })),
      })),
  };
}

function rulesOf(properties: QueueProperties): QueueRules {
  return {
    lockDurationMs: properties.LockDuration,
    maxDeliveryCount: properties.MaxDeliveryCount,
    requiresSession: properties.RequiresSession,
    defaultTimeToLiveMs: properties.DefaultMessageTimeToLive,
    deadLetterOnExpiration: properties.DeadLetteringOnMessageExpiration,
  };
}

function windowOf(properties: z.infer<z.ZodObject<typeof duplicateDetection>>): number | undefined {
  return properties.RequiresDuplicateDetection ? properties.DuplicateDetectionHistoryTimeWindow : undefined;
}

function hasUniqueNames(named: readonly { readonly Name: string }[]): boolean {
  return new Set(named.map(({ Name }) => Name.toLowerCase())).size === named.length;
}
