/** Starting and waking orchestrations, and posting to lanes, from functions and activities. */
import type { OrchestratorName } from '../contracts/names.ts';
import type { EndpointName } from '../domain/ids/names.ts';
import type { LaneState } from '../domain/lane/lane.ts';
import type { CoolDownState } from '../domain/retraining/cool-down.ts';
import type { PostedCommand } from '../domain/rollout/command.ts';

export type InstanceStatus = 'absent' | 'active' | 'completed' | 'failed' | 'terminated';

export interface InstanceView {
  readonly instanceId: string;
  readonly status: InstanceStatus;
  readonly customStatus: unknown;
  readonly output: unknown;
}

export interface OrchestrationControl {
  /** False when an instance with this id exists already, finished or not: nothing was started. */
  startOnce(orchestrator: OrchestratorName, instanceId: string, input: object): Promise<boolean>;
  view(instanceId: string): Promise<InstanceView>;
  /** Wakes a waiting rollout or retraining so that it looks again; harmless when it is gone. */
  wake(instanceId: string): Promise<void>;
  /** Rollouts created since `sinceMs`, newest first, at most `limit`. */
  listRollouts(sinceMs: number, limit: number): Promise<readonly InstanceView[]>;
  /** Like listRollouts, of retrainings. */
  listRetrainings(sinceMs: number, limit: number): Promise<readonly InstanceView[]>;
  /** Asks a retraining to end; it reads this at its next tick. */
  abortRetraining(
    endpoint: string,
    model: string,
    abort: { readonly retrainingId: string; readonly by: string; readonly reason: string },
  ): Promise<void>;
  /** Who holds a model for a retraining; null when none ever did. */
  readCoolDown(endpoint: string, model: string): Promise<Pick<CoolDownState, 'holder' | 'lastSeenIso'> | null>;
  readLane(endpoint: EndpointName): Promise<LaneState | null>;
  postCommand(endpoint: EndpointName, command: PostedCommand): Promise<void>;
  /** Takes a rollout or a scale-out that no longer runs out of the lane. */
  leaveLane(endpoint: EndpointName, id: string): Promise<void>;
}
