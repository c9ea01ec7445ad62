/** One request on a management node: what every operation gets, and how its body is read. */
import { z } from 'zod';
import { BrokerRefusal } from '../../core/broker-refusal.ts';
import type { Entity } from '../../core/namespace.ts';

export interface ManagementRequest {
  readonly entity: Entity;
  readonly body: unknown;
}

/** Status 200 with a body, or 204 without. */
export interface ManagementAnswer {
  readonly status: 200 | 204;
  readonly body: unknown;
}

/** Throws BrokerRefusal when the request cannot be granted. */
export type ManagementOperation = (request: ManagementRequest) => ManagementAnswer;

const MAX_BATCH = 4096;

/** Numbers that do not fit into a double come as bytes; no sequence number here is that large. */
const sequenceNumber = z.union([z.number(), z.instanceof(Buffer).transform((bytes) => Number(bytes.readBigInt64BE()))]);

export const fields = {
  sequenceNumber,
  sequenceNumbers: z.array(sequenceNumber).min(1).max(MAX_BATCH),
  lockTokens: z
    .array(z.instanceof(Buffer).refine((bytes) => bytes.length === 16))
    .min(1)
    .max(MAX_BATCH),
  sessionId: z.string().max(128),
  bytes: z.instanceof(Buffer),
};

/** Throws bad-request with every problem. */
export function readBody<Schema extends z.ZodType>(schema: Schema, { body }: ManagementRequest): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new BrokerRefusal('bad-request', `The management request is malformed:\n${z.prettifyError(parsed.error)}`);
}

export function requireQueue({ entity }: ManagementRequest) {
  if (entity.queue) return entity.queue;
  throw new BrokerRefusal('not-allowed', `${entity.path} is a topic: receive from one of its subscriptions.`);
}

export function requireIntake({ entity }: ManagementRequest) {
  if (entity.intake) return entity.intake;
  throw new BrokerRefusal('not-allowed', `${entity.path} cannot be sent to: send to its queue or topic.`);
}
