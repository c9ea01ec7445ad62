/** How one queue or subscription treats its messages; durations in milliseconds. */
export interface QueueRules {
  readonly lockDurationMs: number;
  readonly maxDeliveryCount: number;
  readonly requiresSession: boolean;
  /** Longest life of a message; Infinity: no limit. */
  readonly defaultTimeToLiveMs: number;
  /** False: expired messages are dropped. */
  readonly deadLetterOnExpiration: boolean;
}

/** The rules of the dead-letter queue of an entity: its messages neither expire nor move on. */
export function deadLetterRules(rules: QueueRules): QueueRules {
  return {
    lockDurationMs: rules.lockDurationMs,
    maxDeliveryCount: Number.POSITIVE_INFINITY,
    requiresSession: false,
    defaultTimeToLiveMs: Number.POSITIVE_INFINITY,
    deadLetterOnExpiration: false,
  };
}
