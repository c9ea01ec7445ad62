/** Events that Slipway publishes about its rollouts. */

export interface OutgoingEvent {
  /** Stable over repeats, so that receivers can drop duplicates. */
  readonly id: string;
  /** For example `Slipway.Rollout.PhaseChanged`. */
  readonly type: string;
  readonly subject: string;
  readonly timeIso: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** More members of the data that act for whoever holds them (approval links): only for the topic that notifies people. */
  readonly confidential?: Readonly<Record<string, unknown>>;
}

export interface EventPublisher {
  /** Throws when the topic does not take the event; the caller retries. */
  publish(event: OutgoingEvent): Promise<void>;
}
