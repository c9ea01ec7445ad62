/** Rewinds a failed instance: its failures are taken back and it goes on from there. */
import type { ManagementResponse } from '../../seams/durable-host.ts';
import { rewindInstance } from '../dispatch/rewind.ts';
import type { TaskHub } from '../dispatch/task-hub.ts';
import type { Query } from './request.ts';
import { empty, json } from './responses.ts';

export async function rewindRoute(hub: TaskHub, query: Query, instanceId: string): Promise<ManagementResponse> {
  const record = await hub.store.readInstance(instanceId);
  if (!record) return empty(404);
  if (record.status !== 'Failed') {
    return json(412, 'The rewind operation is only supported on failed orchestration instances.');
  }
  await rewindInstance(hub, instanceId, query.text('reason') ?? '');
  return empty(202);
}
