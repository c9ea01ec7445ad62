/** Finds the rollout that a command means when it names no id: the one in the endpoint's lane, or one about to enter it. */
import type { EndpointName, ModelName, ModelVersion } from '../domain/ids/names.ts';
import { rolloutIdOf } from '../domain/ids/names.ts';
import { rolloutsIn } from '../domain/lane/lane.ts';
import type { OrchestrationControl } from '../ports/orchestration-control.ts';

export interface RolloutHint {
  readonly rollout?: string | undefined;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
}

/** Null when nothing fits now; a rollout that was started a moment ago may fit a moment later. */
export async function findRollout(
  control: OrchestrationControl,
  endpoint: EndpointName,
  hint: RolloutHint,
): Promise<string | null> {
  if (hint.rollout) return hint.rollout;
  const { model, version } = hint;
  const lane = await control.readLane(endpoint);
  const inLane = (lane ? rolloutsIn(lane) : []).find(
    (claim) => (!model || claim.model === model) && (!version || claim.version === version),
  );
  if (inLane) return inLane.id;
  if (!model || !version) return null;
  const key = { endpoint, model: model as ModelName, version: version as ModelVersion, attempt: 1 };
  const first = rolloutIdOf(key);
  return (await control.view(first)).status === 'absent' ? null : first;
}
