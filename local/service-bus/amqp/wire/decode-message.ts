/** Turns what a client sent into messages of the core: one, or the many of a batch. */
import { randomUUID } from 'node:crypto';
import rhea, { type Message } from 'rhea';
import type { BrokerMessage, FilterableProperties } from '../../core/broker-message.ts';
import { BrokerRefusal } from '../../core/broker-refusal.ts';

/** Standard tier: "Service Bus quotas", message size. */
export const MAX_MESSAGE_BYTES = 262_144;
/** Message format of a batch: each data section of the body is one encoded message. */
const BATCH_FORMAT = 0x80013700;
const MAX_BATCH_MESSAGES = 10_000;
const SCHEDULED_TIME = 'x-opt-scheduled-enqueue-time';

/** Decodes a transfer; a batch comes as bytes because rhea decodes only the standard format. Throws BrokerRefusal. */
export function decodeTransfer(payload: Message | Buffer, format: number): BrokerMessage[] {
  if (!Buffer.isBuffer(payload)) return [brokerMessageOf(payload)];
  if (format !== BATCH_FORMAT) {
    throw new BrokerRefusal(
      'not-implemented',
      `The message format ${format} is not known; batches have ${BATCH_FORMAT}.`,
    );
  }
  requireSize(payload.length, 'The batch');
  const sections = dataSections(decode(payload).body);
  if (sections.length === 0 || sections.length > MAX_BATCH_MESSAGES) {
    throw new BrokerRefusal(
      'bad-request',
      `A batch has 1 to ${MAX_BATCH_MESSAGES} messages, this one has ${sections.length}.`,
    );
  }
  return sections.map(decodeMessage);
}

/** Decodes one encoded message. Throws BrokerRefusal when it is too large or malformed. */
export function decodeMessage(bytes: Buffer): BrokerMessage {
  return brokerMessageOf(decode(bytes));
}

function decode(bytes: Buffer): Message {
  try {
    return rhea.message.decode(bytes) as unknown as Message;
  } catch (cause) {
    throw new BrokerRefusal('bad-request', `The message is not valid AMQP 1.0: ${String(cause)}`);
  }
}

function dataSections(body: unknown): Buffer[] {
  const content = (body as { content?: unknown } | undefined)?.content;
  return [content ?? []].flat().filter((section) => Buffer.isBuffer(section));
}

function brokerMessageOf(decoded: Message): BrokerMessage {
  const messageId = textOf(decoded.message_id) ?? randomUUID();
  /** Receivers renew locks by message id, so every message needs one. */
  const content: Message = { ...decoded, message_id: decoded.message_id ?? messageId };
  const sizeBytes = rhea.message.encode(content).length;
  requireSize(sizeBytes, `The message ${messageId}`);
  return {
    messageId,
    sessionId: decoded.group_id,
    timeToLiveMs: decoded.ttl || undefined,
    scheduledForMs: timeOf(decoded.message_annotations?.[SCHEDULED_TIME]),
    sizeBytes,
    filterable: filterableOf(content),
    content,
  };
}

function filterableOf(message: Message): FilterableProperties {
  return {
    correlationId: textOf(message.correlation_id),
    messageId: textOf(message.message_id),
    to: message.to,
    replyTo: message.reply_to,
    label: message.subject,
    sessionId: message.group_id,
    replyToSessionId: message.reply_to_group_id,
    contentType: message.content_type,
    applicationProperties: message.application_properties ?? {},
  };
}

function requireSize(bytes: number, what: string): void {
  if (bytes <= MAX_MESSAGE_BYTES) return;
  throw new BrokerRefusal('message-too-large', `${what} has ${bytes} bytes; the limit is ${MAX_MESSAGE_BYTES}.`);
}

function textOf(id: string | number | Buffer | undefined): string | undefined {
  if (id === undefined || typeof id === 'string') return id;
  return Buffer.isBuffer(id) ? id.toString('hex') : String(id);
}

function timeOf(value: unknown): number | undefined {
  const ms = value instanceof Date ? value.getTime() : Number(value);
  return value === undefined || Number.isNaN(ms) ? undefined : ms;
}
