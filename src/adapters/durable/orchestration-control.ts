/** Orchestration control through the Durable Functions client of one invocation. */
import {
  type DurableClient,
  type DurableOrchestrationStatus,
  EntityId,
  OrchestrationRuntimeStatus,
} from 'durable-functions';
import {
  COOL_DOWN_ENTITY,
  coolDownKeyOf,
  INBOX_POSTED,
  LANE_ENTITY,
  type OrchestratorName,
  RETRAINING_ORCHESTRATOR,
  ROLLOUT_ORCHESTRATOR,
} from '../../contracts/names.ts';
import type { LaneState } from '../../domain/lane/lane.ts';
import type { CoolDownState } from '../../domain/retraining/cool-down.ts';
import type { InstanceStatus, InstanceView, OrchestrationControl } from '../../ports/orchestration-control.ts';

export function createOrchestrationControl(client: DurableClient): OrchestrationControl {
  const view = (instanceId: string) => viewInstance(client, instanceId);
  return {
    view,
    async startOnce(orchestrator, instanceId, input) {
      if ((await view(instanceId)).status !== 'absent') return false;
      try {
        await client.startNew(orchestrator, { instanceId, input });
        return true;
      } catch (error) {
        // Two deliveries of one event may both have seen no instance; the second start is refused by the engine.
        if ((await view(instanceId)).status !== 'absent') return false;
        throw error;
      }
    },
    async wake(instanceId) {
      if ((await view(instanceId)).status === 'active') await client.raiseEvent(instanceId, INBOX_POSTED, {});
    },
    listRollouts: (sinceMs, limit) => listInstances(client, ROLLOUT_ORCHESTRATOR, sinceMs, limit),
    listRetrainings: (sinceMs, limit) => listInstances(client, RETRAINING_ORCHESTRATOR, sinceMs, limit),
    abortRetraining: (endpoint, model, abort) =>
      client.signalEntity(new EntityId(COOL_DOWN_ENTITY, coolDownKeyOf(endpoint, model)), 'abort', abort),
    async readCoolDown(endpoint, model) {
      const entity = new EntityId(COOL_DOWN_ENTITY, coolDownKeyOf(endpoint, model));
      const stored = await client.readEntityState<CoolDownState>(entity);
      return stored.entityExists ? (stored.entityState ?? null) : null;
    },
    async readLane(endpoint) {
      const stored = await client.readEntityState<LaneState>(new EntityId(LANE_ENTITY, endpoint));
      return stored.entityExists ? (stored.entityState ?? null) : null;
    },
    postCommand: (endpoint, command) => client.signalEntity(new EntityId(LANE_ENTITY, endpoint), 'post', command),
    leaveLane: (endpoint, id) => client.signalEntity(new EntityId(LANE_ENTITY, endpoint), 'leave', { id }),
  };
}

/** Of one orchestrator, the newest first. */
async function listInstances(
  client: DurableClient,
  orchestrator: OrchestratorName,
  sinceMs: number,
  limit: number,
): Promise<readonly InstanceView[]> {
  const all = await client.getStatusBy({ createdTimeFrom: new Date(sinceMs) });
  return all
    .filter(({ name }) => name === orchestrator)
    .sort((a, b) => createdAtMs(b) - createdAtMs(a))
    .slice(0, limit)
    .map(toView);
}

/** Typed as a Date, but durable-functions 3.5.0 passes on the text of the management API. */
function createdAtMs({ createdTime }: DurableOrchestrationStatus): number {
  return new Date(createdTime).getTime();
}

async function viewInstance(client: DurableClient, instanceId: string): Promise<InstanceView> {
  try {
    return toView(await client.getStatus(instanceId));
  } catch (error) {
    if (isNotFound(error)) return { instanceId, status: 'absent', customStatus: null, output: null };
    throw error;
  }
}

/** durable-functions 3.5.0 reports an unknown instance as an error that quotes the HTTP status. */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && /\b404\b|No instance with ID/i.test(error.message);
}

function toView(status: DurableOrchestrationStatus): InstanceView {
  return {
    instanceId: status.instanceId,
    status: STATUS_WORDS[status.runtimeStatus] ?? 'active',
    customStatus: status.customStatus ?? null,
    output: status.output ?? null,
  };
}

const STATUS_WORDS: Readonly<Record<string, InstanceStatus>> = {
  [OrchestrationRuntimeStatus.Completed]: 'completed',
  [OrchestrationRuntimeStatus.Failed]: 'failed',
  [OrchestrationRuntimeStatus.Terminated]: 'terminated',
  [OrchestrationRuntimeStatus.Canceled]: 'terminated',
};
