/** Reads how many instances a deployment has, and asks for another number. Asking twice for the same number is harmless. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';
import type { Scaling } from '../../ports/scaling.ts';
import { isChanging } from './settled.ts';

export function createReadCapacity(platform: ModelPlatform): ActivityHandler<'readCapacity'> {
  return async ({ endpoint, deployment }) => {
    const view = await platform.getDeployment(endpoint, deployment);
    if (view === null) return { exists: false, settled: false, instanceCount: 0 };
    const { provisioningState, instanceCount } = view;
    return { exists: true, settled: !isChanging(provisioningState), instanceCount };
  };
}

export function createSetCapacity(scaling: Scaling): ActivityHandler<'setCapacity'> {
  return async ({ endpoint, deployment, instanceCount }) => {
    const outcome = await scaling.setInstanceCount(endpoint, deployment, instanceCount);
    return outcome.kind === 'accepted' ? { kind: 'started' } : outcome;
  };
}
