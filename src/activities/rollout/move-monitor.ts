/** Takes one step of moving the model monitor to the deployment that serves now, and its reference to what that was trained on. */
import type { ActivityHandler, ActivityInput } from '../../contracts/activities.ts';
import { DATA_TAG } from '../../domain/rollout/tag-names.ts';
import type { ModelMonitors } from '../../ports/model-monitor.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';

/** A data asset of the workspace; anything else that a tag may say is no reference. */
const DATA_ASSET = /^azureml:[A-Za-z0-9_-]+:[A-Za-z0-9._-]+$/;

export function createMoveMonitor(platform: ModelPlatform, monitors: ModelMonitors): ActivityHandler<'moveMonitor'> {
  return async (input) => {
    const { endpoint, deployment, monitor } = input;
    const reference = await referenceOf(platform, input);
    return monitors.moveMonitor({ schedule: monitor.schedule, endpoint, deployment, reference });
  };
}

/** A version that was registered by hand names no data: the monitor goes on comparing with what it has. */
async function referenceOf(
  platform: ModelPlatform,
  { model, version, monitor }: ActivityInput<'moveMonitor'>,
): Promise<string | null> {
  if (monitor.reference === 'keep') return null;
  const tag = (await platform.getModelVersion(model, version))?.tags[DATA_TAG] ?? '';
  return DATA_ASSET.test(tag) ? tag : null;
}
