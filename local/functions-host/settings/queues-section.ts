/** Section `extensions.queues` of host.json (Functions documentation, "Azure Queue storage bindings", host.json settings). */
import { z } from 'zod';
import { timeSpanMs } from './time-span-schema.ts';

const MINUTE_MS = 60_000;
/** Queue storage hides a message for at most 7 days. */
const LONGEST_HIDDEN_MS = 7 * 24 * 60 * MINUTE_MS;
/** In Azure a minute; local runs of the real host look every 2 seconds at the latest. */
const LOCAL_POLLING_MS = 2000;

export const queuesSection = z
  .looseObject({
    /** Messages taken at once. */
    batchSize: z.int().min(1).max(32).default(16),
    /** More are taken when this many or fewer are running; half the batch unless set. */
    newBatchThreshold: z.int().min(0).max(1000).optional(),
    /** Failed deliveries after which a message goes to the poison queue. */
    maxDequeueCount: z.int().min(1).max(1000).default(5),
    /** How long a failed message stays hidden. */
    visibilityTimeout: timeSpanMs(0, LONGEST_HIDDEN_MS).default(0),
    maxPollingInterval: timeSpanMs(100, MINUTE_MS).default(LOCAL_POLLING_MS),
    messageEncoding: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['base64', 'none']))
      .default('base64'),
  })
  .prefault({})
  .transform(({ newBatchThreshold, ...section }) => ({
    batchSize: section.batchSize,
    newBatchThreshold: newBatchThreshold ?? Math.floor(section.batchSize / 2),
    maxDequeueCount: section.maxDequeueCount,
    visibilityTimeoutMs: section.visibilityTimeout,
    maxPollingIntervalMs: section.maxPollingInterval,
    messageEncoding: section.messageEncoding,
  }));

export type QueuesSection = z.infer<typeof queuesSection>;
export type MessageEncoding = QueuesSection['messageEncoding'];
