/** Reads which Service Bus entity a trigger or an output is bound to. */
import { z } from 'zod';
import type { Binding } from '../seams/invocation.ts';
import { StartFailure } from '../seams/start-failure.ts';

const name = z.string().min(1).max(260);
const optionalName = z.preprocess((value) => value || undefined, name.optional());

const outputSchema = z
  .looseObject({ queueName: optionalName, topicName: optionalName, connection: z.string().optional() })
  .refine(({ queueName, topicName }) => (queueName === undefined) !== (topicName === undefined), {
    message: 'Name either a queueName or a topicName',
  });

const triggerSchema = z
  .looseObject({
    queueName: optionalName,
    topicName: optionalName,
    subscriptionName: optionalName,
    connection: z.string().optional(),
    cardinality: z.preprocess(lowerCase, z.enum(['one', 'many']).default('one')),
    isSessionsEnabled: z.boolean().default(false),
    autoCompleteMessages: z.boolean().optional(),
  })
  .refine(({ queueName, topicName }) => (queueName === undefined) !== (topicName === undefined), {
    message: 'Name either a queueName or a topicName with its subscriptionName',
  })
  .refine(({ topicName, subscriptionName }) => (topicName === undefined) === (subscriptionName === undefined), {
    message: 'A topicName needs a subscriptionName, and the other way round',
  });

export type EntityName =
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'subscription'; readonly topic: string; readonly subscription: string };

export interface EntityTrigger {
  readonly entity: EntityName;
  readonly connection: string | undefined;
  readonly isMany: boolean;
  readonly hasSessions: boolean;
  /** Undefined: as host.json says. */
  readonly autoComplete: boolean | undefined;
}

export interface EntityOutput {
  /** Queue or topic. */
  readonly entity: string;
  readonly connection: string | undefined;
  readonly isBinary: boolean;
}

export function readEntityTrigger(functionName: string, binding: Binding): EntityTrigger {
  const parsed = triggerSchema.safeParse(binding);
  if (!parsed.success) throw invalid(functionName, binding, parsed.error);
  const { queueName, topicName, subscriptionName, connection, cardinality } = parsed.data;
  return {
    entity:
      topicName !== undefined && subscriptionName !== undefined
        ? { kind: 'subscription', topic: topicName, subscription: subscriptionName }
        : { kind: 'queue', queue: queueName ?? '' },
    connection,
    isMany: cardinality === 'many',
    hasSessions: parsed.data.isSessionsEnabled,
    autoComplete: parsed.data.autoCompleteMessages,
  };
}

export function readEntityOutput(functionName: string, binding: Binding): EntityOutput {
  const parsed = outputSchema.safeParse(binding);
  if (!parsed.success) throw invalid(functionName, binding, parsed.error);
  const { queueName, topicName, connection, dataType } = parsed.data;
  return { entity: queueName ?? topicName ?? '', connection, isBinary: dataType === 'binary' };
}

/** For messages: `orders`, `events/Subscriptions/all`. */
export function describeEntity(entity: EntityName): string {
  return entity.kind === 'queue' ? entity.queue : `${entity.topic}/Subscriptions/${entity.subscription}`;
}

function invalid(functionName: string, binding: Binding, error: z.ZodError): StartFailure {
  const what = `The ${binding.type} binding of function ${functionName} is not valid:\n${z.prettifyError(error)}\n`;
  return new StartFailure('binding', what, 'Correct it where the function is registered.');
}

function lowerCase(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}
