/**
 * Decides which requests an entity serves now and which wait.
 *
 * 1. Requests are served in the order of their arrival.
 * 2. While the entity is locked, only its owner's requests are served; the others wait for the release.
 * 3. A lock request is granted when the entity is free, after the operations that came before it.
 */
import type { EntityMessage, EntityRequest } from './entity-state.ts';

export interface EntitySchedule {
  readonly operations: readonly EntityRequest[];
  readonly grantedLocks: readonly EntityRequest[];
  readonly queue: readonly EntityRequest[];
  readonly lockedBy: string | null;
}

export function scheduleRequests(
  waiting: readonly EntityRequest[],
  lockedBefore: string | null,
  news: readonly EntityMessage[],
): EntitySchedule {
  let lockedBy = lockedBefore;
  const operations: EntityRequest[] = [];
  const grantedLocks: EntityRequest[] = [];
  let queue: EntityRequest[] = [...waiting];
  const serveQueue = () => {
    const held: EntityRequest[] = [];
    for (const request of queue) {
      if (lockedBy !== null && (request.lockset || request.parent !== lockedBy)) held.push(request);
      else if (request.lockset) {
        lockedBy = request.parent ?? null;
        grantedLocks.push(request);
      } else operations.push(request);
    }
    queue = held;
  };
  serveQueue();
  for (const message of news) {
    if (message.kind === 'request') queue.push(message.request);
    else if (message.owner === lockedBy) lockedBy = null;
    serveQueue();
  }
  return { operations, grantedLocks, queue, lockedBy };
}
