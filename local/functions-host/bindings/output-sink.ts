/** Where the messages of one output binding go. */
import type { MessageValue } from './message-values.ts';

/** Sends the messages in their order; rejects when one cannot be sent, those before it stay sent. */
export type OutputSink = (messages: readonly MessageValue[]) => Promise<void>;
