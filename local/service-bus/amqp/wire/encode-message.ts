/** Turns a stored message into what a receiver gets: the message as sent, with the broker's header and annotations. */
import rhea, { type Message } from 'rhea';
import type { MessageState, StoredMessage } from '../../core/broker-message.ts';

/** Values of the annotation x-opt-message-state in \@azure/service-bus 7.9.5. */
const STATES: Record<MessageState, number> = { active: 0, deferred: 1, scheduled: 2 };
const MAX_UINT = 0xffff_ffff;

/** `lockedUntilMs` is absent for messages that are not locked: peeked, or received and deleted. */
export function outgoingMessage(stored: StoredMessage, lockedUntilMs?: number): Message {
  const content = stored.message.content as Message;
  const lifeMs = stored.expiresAtMs - stored.enqueuedAtMs;
  return {
    ...content,
    ...(Number.isFinite(lifeMs) ? { ttl: Math.min(lifeMs, MAX_UINT) } : {}),
    delivery_count: stored.deliveryCount,
    message_annotations: {
      ...content.message_annotations,
      'x-opt-sequence-number': rhea.types.wrap_long(stored.sequenceNumber),
      'x-opt-enqueue-sequence-number': rhea.types.wrap_long(stored.enqueuedSequenceNumber),
      'x-opt-enqueued-time': rhea.types.wrap_timestamp(stored.enqueuedAtMs),
      'x-opt-message-state': rhea.types.wrap_int(STATES[stored.state]),
      ...(lockedUntilMs === undefined ? {} : { 'x-opt-locked-until': rhea.types.wrap_timestamp(lockedUntilMs) }),
    },
    ...applicationPropertiesOf(stored, content),
  };
}

export function encodedMessage(stored: StoredMessage, lockedUntilMs?: number): Buffer {
  return rhea.message.encode(outgoingMessage(stored, lockedUntilMs));
}

function applicationPropertiesOf(stored: StoredMessage, content: Message): Partial<Message> {
  const cause = stored.deadLetterCause;
  const properties = {
    ...content.application_properties,
    ...stored.changedProperties,
    ...(cause ? { DeadLetterReason: cause.reason, DeadLetterErrorDescription: cause.description } : {}),
  };
  return Object.keys(properties).length > 0 ? { application_properties: properties } : {};
}
