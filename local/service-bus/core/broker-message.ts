/** What the core knows of a message: the fields that decide its fate. Its content stays closed. */

/** The properties that a correlation filter can compare. */
export interface FilterableProperties {
  readonly correlationId?: string | undefined;
  readonly messageId?: string | undefined;
  readonly to?: string | undefined;
  readonly replyTo?: string | undefined;
  readonly label?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly replyToSessionId?: string | undefined;
  readonly contentType?: string | undefined;
  readonly applicationProperties: Readonly<Record<string, unknown>>;
}

/** One message as it was accepted; shared by all copies of it, so nobody changes it. */
export interface BrokerMessage {
  /** As text; duplicate detection compares it. */
  readonly messageId: string;
  readonly sessionId: string | undefined;
  /** Undefined: the entity's default holds. */
  readonly timeToLiveMs: number | undefined;
  /** Undefined, or when it is to be enqueued. */
  readonly scheduledForMs: number | undefined;
  readonly sizeBytes: number;
  readonly filterable: FilterableProperties;
  /** The message in the form of the face that brought it in; the core hands it out as it came. */
  readonly content: unknown;
}

export type MessageState = 'active' | 'deferred' | 'scheduled';

/** Why a message is in a dead-letter queue. */
export interface DeadLetterCause {
  readonly reason: string;
  readonly description: string;
}

/** One copy of a message in one entity, with what happened to it there. */
export interface StoredMessage {
  readonly message: BrokerMessage;
  readonly sequenceNumber: number;
  readonly enqueuedSequenceNumber: number;
  readonly enqueuedAtMs: number;
  /** Infinity: never. */
  readonly expiresAtMs: number;
  state: MessageState;
  /** Deliveries that ended without settlement. */
  deliveryCount: number;
  /** Application properties that settlements set, over those of the message. */
  changedProperties: Readonly<Record<string, unknown>>;
  deadLetterCause?: DeadLetterCause;
}

/** A message handed to one receiver under a lock. */
export interface LockedMessage {
  readonly stored: StoredMessage;
  readonly lockToken: string;
  readonly lockedUntilMs: number;
}
