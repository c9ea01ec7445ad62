/** Section `extensions.serviceBus` of host.json (Functions documentation, "Azure Service Bus bindings", extension 5.x). */
import { z } from 'zod';
import { timeSpanMs } from './time-span-schema.ts';

const DAY_MS = 24 * 3_600_000;

export const serviceBusSection = z
  .looseObject({
    /** A binding's own `autoCompleteMessages` wins. */
    autoCompleteMessages: z.boolean().default(true),
    /** Messages of one function at once, without sessions. The real default is 16 for each core. */
    maxConcurrentCalls: z.int().min(1).max(2000).default(16),
    /** Sessions of one function at once; within one, messages come one after another. */
    maxConcurrentSessions: z.int().min(1).max(2000).default(8),
    /** Messages in one invocation of a function with cardinality many. */
    maxMessageBatchSize: z.int().min(1).max(2047).default(1000),
    maxAutoLockRenewalDuration: timeSpanMs(0, DAY_MS).default(300_000),
    /** A session without a message for this long is given back; unset it is the client's try timeout of a minute. */
    sessionIdleTimeout: timeSpanMs(100, DAY_MS).default(60_000),
  })
  .prefault({})
  .transform((section) => ({
    autoCompleteMessages: section.autoCompleteMessages,
    maxConcurrentCalls: section.maxConcurrentCalls,
    maxConcurrentSessions: section.maxConcurrentSessions,
    maxMessageBatchSize: section.maxMessageBatchSize,
    maxAutoLockRenewalMs: section.maxAutoLockRenewalDuration,
    sessionIdleMs: section.sessionIdleTimeout,
  }));

export type ServiceBusSection = z.infer<typeof serviceBusSection>;
