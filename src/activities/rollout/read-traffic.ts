/** Tells how the endpoint's traffic is split now. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';
import { isSettled } from './settled.ts';

export function createReadTraffic(platform: ModelPlatform): ActivityHandler<'readTraffic'> {
  return async ({ endpoint }) => {
    const view = await platform.getEndpoint(endpoint);
    if (view === null) {
      return { exists: false, settled: false, provisioningState: '', split: { traffic: {}, mirror: {} } };
    }
    const { provisioningState, split } = view;
    return { exists: true, settled: isSettled(provisioningState), provisioningState, split };
  };
}
