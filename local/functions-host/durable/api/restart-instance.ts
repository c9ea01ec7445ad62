/** Starts an instance's orchestrator again with the same input. */
import type { ManagementRequest, ManagementResponse } from '../../seams/durable-host.ts';
import type { TaskHub } from '../dispatch/task-hub.ts';
import type { Query } from './request.ts';
import { badArgument } from './responses.ts';
import { startedResponse, startInstance } from './start-instance.ts';

export async function restartRoute(
  hub: TaskHub,
  request: ManagementRequest,
  query: Query,
  instanceId: string,
): Promise<ManagementResponse> {
  const record = await hub.store.readInstance(instanceId);
  if (!record) throw badArgument(`An orchestration with the instanceId ${instanceId} was not found.`);
  const asNew = query.flag('restartWithNewInstanceId', true);
  const { name: functionName, version, input } = record;
  const id = await startInstance(hub, { functionName, instanceId: asNew ? undefined : instanceId, version, input });
  return startedResponse(hub, request, query, id);
}
