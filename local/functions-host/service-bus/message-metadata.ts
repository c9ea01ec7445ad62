/**
 * What a function learns about a Service Bus message beside its body, under the names of extension 5.x and the older
 * names that it keeps (Functions documentation, "Azure Service Bus trigger", message metadata).
 */
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { TriggerMetadata } from '../bindings/body-metadata.ts';
import type { RpcTypedData } from '../seams/invocation.ts';

type Value = string | number | object | undefined;

export function messageMetadata(message: ServiceBusReceivedMessage): TriggerMetadata {
  const present = Object.entries(values(message)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, toTyped(value)]));
}

/** One array per name, each with an entry per message, for functions that get many at once. */
export function batchMetadata(messages: readonly ServiceBusReceivedMessage[]): TriggerMetadata {
  const rows = messages.map(values);
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((name) => [`${name}Array`, toTypedArray(rows.map((row) => row[name]))]));
}

function values(message: ServiceBusReceivedMessage): Record<string, Value> {
  const properties = message.applicationProperties ?? {};
  return {
    MessageId: text(message.messageId),
    CorrelationId: text(message.correlationId),
    ContentType: message.contentType,
    Subject: message.subject,
    Label: message.subject,
    To: message.to,
    ReplyTo: message.replyTo,
    SessionId: message.sessionId,
    PartitionKey: message.partitionKey,
    DeadLetterSource: message.deadLetterSource,
    LockToken: message.lockToken,
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    SequenceNumber: message.sequenceNumber?.toNumber(),
    EnqueuedTimeUtc: message.enqueuedTimeUtc,
    ExpiresAtUtc: message.expiresAtUtc,
    ApplicationProperties: properties,
    UserProperties: properties,
  };
}

function text(id: string | number | boolean | Buffer | undefined): string | undefined {
  return id === undefined ? undefined : String(id);
}

function toTyped(value: Value): RpcTypedData {
  return typeof value === 'string' ? { string: value } : { json: JSON.stringify(value ?? null) };
}

function toTypedArray(column: readonly Value[]): RpcTypedData {
  const texts = column.filter((value) => typeof value === 'string');
  if (texts.length === column.length) return { collectionString: { string: texts } };
  return { json: JSON.stringify(column.map((value) => value ?? null)) };
}
