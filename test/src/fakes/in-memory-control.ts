/** Orchestration control in memory: instances, lanes and wake-ups as plain maps. */
import type { OrchestratorName } from '../../../src/contracts/names.ts';
import type { EndpointName } from '../../../src/domain/ids/names.ts';
import { EMPTY_LANE, type LaneState, leave, post } from '../../../src/domain/lane/lane.ts';
import type { CoolDownState } from '../../../src/domain/retraining/cool-down.ts';
import type { PostedCommand } from '../../../src/domain/rollout/command.ts';
import type { InstanceStatus, InstanceView, OrchestrationControl } from '../../../src/ports/orchestration-control.ts';

type RetrainingAbort = Parameters<OrchestrationControl['abortRetraining']>[2];

export class InMemoryControl implements OrchestrationControl {
  readonly instances = new Map<string, InstanceView & { orchestrator: OrchestratorName; input: object }>();
  readonly lanes = new Map<string, LaneState>();
  /** By `<endpoint>.<model>`. */
  readonly coolDowns = new Map<string, CoolDownState>();
  readonly woken: string[] = [];
  readonly aborts: RetrainingAbort[] = [];
  /** What the last list was asked for. */
  listed: { readonly sinceMs: number; readonly limit: number } | null = null;

  async startOnce(orchestrator: OrchestratorName, instanceId: string, input: object): Promise<boolean> {
    if (this.instances.has(instanceId)) return false;
    this.instances.set(instanceId, {
      instanceId,
      orchestrator,
      input,
      status: 'active',
      customStatus: input,
      output: null,
    });
    return true;
  }

  async view(instanceId: string): Promise<InstanceView> {
    return this.instances.get(instanceId) ?? { instanceId, status: 'absent', customStatus: null, output: null };
  }

  async wake(instanceId: string): Promise<void> {
    this.woken.push(instanceId);
  }

  async listRollouts(sinceMs: number, limit: number): Promise<readonly InstanceView[]> {
    this.listed = { sinceMs, limit };
    return [...this.instances.values()];
  }

  async listRetrainings(sinceMs: number, limit: number): Promise<readonly InstanceView[]> {
    this.listed = { sinceMs, limit };
    return [...this.instances.values()];
  }

  async abortRetraining(_endpoint: string, _model: string, abort: RetrainingAbort): Promise<void> {
    this.aborts.push(abort);
  }

  async readCoolDown(endpoint: string, model: string): Promise<CoolDownState | null> {
    return this.coolDowns.get(`${endpoint}.${model}`) ?? null;
  }

  async readLane(endpoint: EndpointName): Promise<LaneState | null> {
    return this.lanes.get(endpoint) ?? null;
  }

  async postCommand(endpoint: EndpointName, command: PostedCommand): Promise<void> {
    this.lanes.set(endpoint, post(this.lanes.get(endpoint) ?? EMPTY_LANE, command).state);
  }

  async leaveLane(endpoint: EndpointName, id: string): Promise<void> {
    this.lanes.set(endpoint, leave(this.lanes.get(endpoint) ?? EMPTY_LANE, id).state);
  }

  end(instanceId: string, status: InstanceStatus, customStatus: unknown = null): void {
    const instance = this.instances.get(instanceId);
    if (!instance) throw new Error(`There is no instance ${instanceId}.`);
    this.instances.set(instanceId, { ...instance, status, customStatus: customStatus ?? instance.customStatus });
  }
}
