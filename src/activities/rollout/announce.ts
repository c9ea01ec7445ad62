/** Publishes an event that belongs to no rollout and no retraining. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { EventPublisher } from '../../ports/events.ts';

/** A repeat carries the same id, for receivers to drop. */
export function createAnnounce(publisher: EventPublisher): ActivityHandler<'announce'> {
  return async (event) => {
    await publisher.publish(event);
    return { announced: true };
  };
}
