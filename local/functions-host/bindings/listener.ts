/** What every trigger that listens by itself can do: timers, queues, Service Bus entities. */

export interface Listener {
  readonly functionName: string;
  /** Starts listening in the background. */
  start(): void;
  /** Takes nothing new; resolves when what runs has ended. */
  stop(): Promise<void>;
}
