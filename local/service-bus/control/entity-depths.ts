/** How much lies where: one line per entity, for the control endpoint. */
import { deadLetterPath, type Entity, type Namespace } from '../core/namespace.ts';

export interface EntityDepth {
  readonly path: string;
  readonly kind: Entity['kind'];
  /** Ready or locked. */
  readonly active: number;
  readonly locked: number;
  readonly deferred: number;
  readonly scheduled: number;
  /** In its dead-letter queue. */
  readonly deadLettered: number;
  /** Of the queue, or the topic with all its subscriptions, that this entity belongs to. */
  readonly sizeBytes: number;
}

export function entityDepths(namespace: Namespace): EntityDepth[] {
  const entities = namespace.entities();
  const activeAt = new Map(entities.map(({ path, queue }) => [path, queue?.depth().active ?? 0]));
  return entities.map(({ path, kind, queue, intake, budget }) => ({
    path,
    kind,
    ...(queue?.depth() ?? { active: 0, locked: 0, deferred: 0 }),
    scheduled: intake?.scheduled.count ?? 0,
    deadLettered: activeAt.get(deadLetterPath(path)) ?? 0,
    sizeBytes: budget.usedBytes,
  }));
}
