/** Messages in flight: what has been sent and not yet been taken into a committed history. */
import type { HistoryEvent } from '../engine/history-event.ts';

/** The turn that sent a message. On start-up a message whose turn was never committed is discarded. */
export interface MessageOrigin {
  readonly instanceId: string;
  readonly turn: number;
}

interface MessageBase {
  /** Unique among the messages to one instance; a repeated turn makes the same ids again. */
  readonly id: string;
  /** Instance in whose partition the message lies: the addressee, or the owner of an activity. */
  readonly instanceId: string;
  /** Execution that the message is for; null reaches whichever execution is current. */
  readonly executionId: string | null;
  /** Milliseconds since the epoch before which it is not delivered. */
  readonly dueMs: number;
  /** Order of sending within this host. */
  readonly sequence: number;
  readonly origin: MessageOrigin | null;
}

export interface EventMessage extends MessageBase {
  readonly kind: 'event';
  readonly event: HistoryEvent;
  /** An ExecutionStarted that may replace a running execution. */
  readonly replacesRunning?: boolean;
}

export interface ActivityMessage extends MessageBase {
  readonly kind: 'activity';
  readonly taskId: number;
  readonly name: string;
  /** JSON array with the one input. */
  readonly input: string;
}

export type Message = EventMessage | ActivityMessage;
