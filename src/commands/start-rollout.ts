/** Starts the rollout of one version under one policy; the instance id makes a second start of the same attempt harmless. */
import { ROLLOUT_ORCHESTRATOR } from '../contracts/names.ts';
import { deploymentNameOf, type ModelVersion, type RolloutId, rolloutIdOf } from '../domain/ids/names.ts';
import type { RolloutPolicy } from '../domain/policy/policy.ts';
import { newRolloutState, type RolloutCause } from '../domain/rollout/state.ts';
import type { OrchestrationControl } from '../ports/orchestration-control.ts';

export interface RolloutRequest {
  readonly policy: RolloutPolicy;
  readonly version: ModelVersion;
  readonly attempt: number;
  readonly cause: RolloutCause;
  readonly nowMs: number;
}

export async function startRollout(
  control: OrchestrationControl,
  request: RolloutRequest,
): Promise<{ readonly rolloutId: RolloutId; readonly started: boolean }> {
  const { policy, version, attempt, cause } = request;
  const key = { endpoint: policy.endpoint, model: policy.model, version, attempt };
  const rolloutId = rolloutIdOf(key);
  const green = deploymentNameOf(policy.model, version);
  // A rollout carries its policy along: only what it needs.
  const own = { ...policy, retrain: null };
  const state = newRolloutState(
    { rolloutId, ...key, cause, policy: own, green },
    new Date(request.nowMs).toISOString(),
  );
  const started = await control.startOnce(ROLLOUT_ORCHESTRATOR, rolloutId, state);
  return { rolloutId, started };
}
