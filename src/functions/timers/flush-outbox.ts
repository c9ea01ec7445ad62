/** Sends what a topic did not take earlier, the oldest first, until it refuses again. */
import type { EventPublisher } from '../../ports/events.ts';
import type { Outbox } from '../../ports/outbox.ts';

const MAX_AT_ONCE = 200;

/** Resolves with the number of events that were sent; throws with the topic's own error when one was not. */
export function createFlushOutbox(outbox: Outbox, publisher: EventPublisher) {
  return async (): Promise<number> => {
    const events = await outbox.oldest(MAX_AT_ONCE);
    for (const event of events) {
      await publisher.publish(event);
      await outbox.remove(event);
    }
    return events.length;
  };
}
