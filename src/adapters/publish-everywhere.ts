/** Publishes each event to several topics; a topic that does not take it makes the whole call fail, so that the caller repeats it. */
import type { EventPublisher } from '../ports/events.ts';

/** All topics are tried even when one fails: an outage of one does not silence the others. Repeats carry the same id. */
export function publishEverywhere(publishers: readonly EventPublisher[]): EventPublisher {
  return {
    async publish(event) {
      const results = await Promise.allSettled(publishers.map((publisher) => publisher.publish(event)));
      const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      if (failures.length === 1) throw failures[0];
      if (failures.length > 1)
        throw new AggregateError(
          failures,
          `Event ${event.id} reached none of ${failures.length} topics: ${failures.map(String).join('; ')}`,
        );
    },
  };
}
