/**
 * Publishes to a topic that may be away: what it does not take is kept in an outbox and sent later, so that an outage of an
 * optional topic neither stops a rollout nor loses an event.
 */
import type { Clock } from '../ports/clock.ts';
import type { EventPublisher } from '../ports/events.ts';
import type { Outbox } from '../ports/outbox.ts';

/** After a failure the topic is left alone this long: nobody waits for it at every event. */
const PAUSE_MS = 30_000;

/** Throws only when the outbox does not take the event either. */
export function deliverLater(publisher: EventPublisher, outbox: Outbox, clock: Clock): EventPublisher {
  let awayUntilMs = 0;
  return {
    async publish(event) {
      if (clock.nowMs() < awayUntilMs) return outbox.put(event);
      try {
        await publisher.publish(event);
      } catch {
        awayUntilMs = clock.nowMs() + PAUSE_MS;
        await outbox.put(event);
      }
    },
  };
}
