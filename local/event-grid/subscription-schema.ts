/**
 * Accepts the event subscriptions that Azure accepts and this emulator can honour; everything else is refused by name.
 *
 * Source: Azure Event Grid REST reference, Event Subscriptions, 2022-06-15; limits: "Understand event filtering".
 */
import { z } from 'zod';

const MAX_FILTERS = 25;
const MAX_FILTER_VALUES = 25;

const key = z.string().min(1).max(200);
const text = z.string().max(512, 'A filter string may have 512 characters.');
const texts = z.array(text).min(1).max(MAX_FILTER_VALUES);
const number = z.number();
const numbers = z.array(number).min(1).max(MAX_FILTER_VALUES);
const ranges = z
  .array(z.tuple([number, number]))
  .min(1)
  .max(MAX_FILTER_VALUES);

const withTexts = z.strictObject({
  operatorType: z.enum([
    'StringIn',
    'StringNotIn',
    'StringContains',
    'StringNotContains',
    'StringBeginsWith',
    'StringNotBeginsWith',
    'StringEndsWith',
    'StringNotEndsWith',
  ]),
  key,
  values: texts,
});
const withNumber = z.strictObject({
  operatorType: z.enum(['NumberLessThan', 'NumberLessThanOrEquals', 'NumberGreaterThan', 'NumberGreaterThanOrEquals']),
  key,
  value: number,
});

const advancedFilterSchema = z.discriminatedUnion('operatorType', [
  withTexts,
  withNumber,
  z.strictObject({ operatorType: z.enum(['NumberIn', 'NumberNotIn']), key, values: numbers }),
  z.strictObject({ operatorType: z.enum(['NumberInRange', 'NumberNotInRange']), key, values: ranges }),
  z.strictObject({ operatorType: z.literal('BoolEquals'), key, value: z.boolean() }),
  z.strictObject({ operatorType: z.enum(['IsNullOrUndefined', 'IsNotNull']), key }),
]);

const advancedFiltersSchema = z
  .array(advancedFilterSchema)
  .max(MAX_FILTERS, `A subscription may have ${MAX_FILTERS} advanced filters.`)
  .refine((filters) => countValues(filters) <= MAX_FILTER_VALUES, {
    error: `The advanced filters of a subscription may have ${MAX_FILTER_VALUES} values in total.`,
  });

function countValues(filters: readonly object[]): number {
  return filters.reduce((sum, filter) => sum + ('values' in filter ? (filter.values as unknown[]).length : 1), 0);
}

const filterSchema = z.strictObject({
  subjectBeginsWith: z.string().max(1024).default(''),
  subjectEndsWith: z.string().max(1024).default(''),
  isSubjectCaseSensitive: z.boolean().default(false),
  includedEventTypes: z.array(z.string().max(200)).max(100).nullish(),
  enableAdvancedFilteringOnArrays: z.boolean().default(false),
  advancedFilters: advancedFiltersSchema.nullish(),
});

const destinationSchema = z.strictObject({
  endpointType: z.literal('WebHook', { error: 'This emulator delivers to endpointType WebHook only.' }),
  properties: z.strictObject({
    endpointUrl: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .refine(isReachable, {
        error: 'The endpointUrl must be https; plain http is taken on loopback only.',
      }),
    maxEventsPerBatch: z.literal(1, { error: 'This emulator delivers one event per request.' }).default(1),
    preferredBatchSizeInKilobytes: z.int().min(1).max(1024).default(64),
  }),
});

function isReachable(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1';
}

const deadLetterSchema = z.strictObject({
  endpointType: z.literal('StorageBlob'),
  properties: z.strictObject({
    resourceId: z.string().regex(/\/storageAccounts\/[a-z0-9]{3,24}$/i, 'The resourceId must name a storage account.'),
    blobContainerName: z.string().regex(/^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/, 'This is no container name.'),
  }),
});

const MINUTES_PER_DAY = 1440;
const MAX_ATTEMPTS = 30;

const retryPolicySchema = z.strictObject({
  maxDeliveryAttempts: z.int().min(1).max(MAX_ATTEMPTS).default(MAX_ATTEMPTS),
  eventTimeToLiveInMinutes: z.int().min(1).max(MINUTES_PER_DAY).default(MINUTES_PER_DAY),
});

export const subscriptionBodySchema = z.object({
  properties: z.strictObject({
    destination: destinationSchema,
    filter: filterSchema.default(filterSchema.parse({})),
    labels: z.array(z.string().max(200)).max(50).nullish(),
    eventDeliverySchema: z.enum(['EventGridSchema', 'CloudEventSchemaV1_0']).default('EventGridSchema'),
    retryPolicy: retryPolicySchema.default(retryPolicySchema.parse({})),
    deadLetterDestination: deadLetterSchema.nullish(),
  }),
});

/** 3 to 64 letters, digits and dashes. */
export const subscriptionNameSchema = z
  .string()
  .regex(/^[a-z0-9-]{3,64}$/i, 'A subscription name has 3 to 64 letters, digits and dashes.');

export type SubscriptionProperties = z.infer<typeof subscriptionBodySchema>['properties'];
export type EventFilter = z.infer<typeof filterSchema>;
export type AdvancedFilter = z.infer<typeof advancedFilterSchema>;
export type DeadLetterDestination = z.infer<typeof deadLetterSchema>;
