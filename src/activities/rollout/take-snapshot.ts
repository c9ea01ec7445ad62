/** Records what the endpoint looks like before a rollout touches it, or why it may not be touched now. */
import type { ActivityHandler, ActivityInput, ActivityOutput } from '../../contracts/activities.ts';
import { blueOf } from '../../domain/rollout/traffic-split.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EndpointView, ModelPlatform } from '../../ports/model-platform.ts';
import { isBroken, isSettled } from './settled.ts';

type Output = ActivityOutput<'takeSnapshot'>;

export function createTakeSnapshot(platform: ModelPlatform, clock: Clock): ActivityHandler<'takeSnapshot'> {
  return async (input) => {
    const view = await platform.getEndpoint(input.endpoint);
    if (view === null) return unusable(`Endpoint ${input.endpoint} does not exist.`);
    return hindrance(view, input) ?? snapshotOf(platform, clock, view);
  };
}

function hindrance(view: EndpointView, { endpoint, green }: ActivityInput<'takeSnapshot'>): Output | null {
  const { provisioningState, split } = view;
  if (isBroken(provisioningState) || provisioningState === 'Deleting') {
    return unusable(`Endpoint ${endpoint} is in state ${provisioningState}; repair it, then retry.`);
  }
  if (!isSettled(provisioningState)) {
    return { kind: 'unsettled', reason: `An operation runs on endpoint ${endpoint} (${provisioningState}).` };
  }
  const total = Object.values(split.traffic).reduce((sum, percent) => sum + percent, 0);
  const shared = (split.traffic[green] ?? 0) + (split.mirror[green] ?? 0);
  if (shared > 0 && blueOf(split.traffic) !== green) {
    return unusable(
      `Deployment ${green} has live or mirrored traffic of ${endpoint} already; take it away, then retry.`,
    );
  }
  return total === 0 || total === 100 ? null : unusable(`The traffic of ${endpoint} sums to ${total}, not to 100.`);
}

async function snapshotOf(platform: ModelPlatform, clock: Clock, { endpoint, split }: EndpointView): Promise<Output> {
  const blue = blueOf(split.traffic);
  const serving = blue === null ? null : await platform.getDeployment(endpoint, blue);
  if (blue !== null && serving === null) {
    return { kind: 'unsettled', reason: `Deployment ${blue} serves ${endpoint} but cannot be read yet.` };
  }
  const snapshot = {
    split,
    blue,
    blueInstanceCount: serving?.instanceCount ?? 0,
    blueModelVersion: serving?.modelVersion ?? null,
    takenAtIso: new Date(clock.nowMs()).toISOString(),
  };
  return { kind: 'taken', snapshot };
}

function unusable(reason: string): Output {
  return { kind: 'unusable', reason };
}
