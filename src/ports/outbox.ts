/** Events that a topic did not take, kept until it does. */
import type { OutgoingEvent } from './events.ts';

export interface Outbox {
  /** Putting the same event again changes nothing. Confidential members are not kept. */
  put(event: OutgoingEvent): Promise<void>;
  /** The oldest first, at most `limit`. */
  oldest(limit: number): Promise<readonly OutgoingEvent[]>;
  /** An event that is not there counts as removed. */
  remove(event: OutgoingEvent): Promise<void>;
}
