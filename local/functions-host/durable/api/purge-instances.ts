/** Purges one instance, or the finished ones that a filter names. */
import type { ManagementResponse } from '../../seams/durable-host.ts';
import type { TaskHub } from '../dispatch/task-hub.ts';
import { CorruptRecord, isFinished, RUNTIME_STATUSES } from '../store/task-hub-store.ts';
import { filterOf } from './read-instances.ts';
import type { Query } from './request.ts';
import { badArgument, empty, json } from './responses.ts';

const PAGE = 200;

export async function purgeOneRoute(hub: TaskHub, instanceId: string): Promise<ManagementResponse> {
  const purged = await hub.exclusively(instanceId, async () => {
    if (!(await exists(hub, instanceId))) return false;
    await hub.purge(instanceId);
    return true;
  });
  return purged ? json(200, { instancesDeleted: 1 }) : empty(404);
}

/** A record that cannot be read is one too: purging it is the way to be rid of it. */
async function exists(hub: TaskHub, instanceId: string): Promise<boolean> {
  try {
    return (await hub.store.readInstance(instanceId)) !== undefined;
  } catch (error) {
    if (error instanceof CorruptRecord) return true;
    throw error;
  }
}

/** Extension versions differ on running instances; here only finished ones are ever purged by filter. */
export async function purgeManyRoute(hub: TaskHub, query: Query): Promise<ManagementResponse> {
  const filter = filterOf(query);
  if (filter.createdFromMs === undefined) throw badArgument("Please provide value for 'createdTimeFrom' parameter.");
  const statuses = (filter.statuses ?? RUNTIME_STATUSES).filter(isFinished);
  let [instancesDeleted, continuation] = [0, undefined as string | undefined];
  do {
    const from = continuation === undefined ? {} : { continuation };
    const page = await hub.listInstances({ ...filter, statuses, top: PAGE, ...from });
    for (const { instanceId } of page.records) instancesDeleted += (await purgeFinished(hub, instanceId)) ? 1 : 0;
    continuation = page.continuation;
  } while (continuation !== undefined);
  return instancesDeleted > 0 ? json(200, { instancesDeleted }) : empty(404);
}

/** The instance may have been started over since it was listed. */
async function purgeFinished(hub: TaskHub, instanceId: string): Promise<boolean> {
  return hub.exclusively(instanceId, async () => {
    const record = await hub.store.readInstance(instanceId);
    if (!record || !isFinished(record.status)) return false;
    await hub.purge(instanceId);
    return true;
  });
}
